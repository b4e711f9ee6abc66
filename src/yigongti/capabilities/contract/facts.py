"""Rows that the contract's numbers are counted over: every item of a contract that fell due in the period; and any
other rows told apart by the team with which the resident has a contract."""

from dataclasses import replace
from functools import cache

import ibis
import ibis.expr.types as ir

from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators import EVERY, Relation, Scene

TEAM = "team_id"
"""The column by which a team's rows are told from another's."""


@cache
def by_team(relation: Relation) -> Relation:
    """The same rows, each with the team of the contract: the row's own, or that with which its resident had a contract
    last in the period.  Rows of people without a contract are left out."""

    def draw(scene: Scene) -> ir.Table:
        return _with_team(relation.draw(scene), scene)

    return replace(relation, draw=draw, seat="", groups=(TEAM,), reads=(*relation.reads, COUNTY["contract"]))


def _with_team(rows: ir.Table, scene: Scene) -> ir.Table:
    if TEAM in rows.columns:
        return rows
    if "resident_id" not in rows.columns:
        return rows.mutate(**{TEAM: ibis.null("string")}).filter(False)
    contract, period = scene["contract"], scene.period
    contract = contract.filter(contract.start_on <= period.end, contract.end_on >= period.start)
    order = contract.start_on.cast("string") + contract.contract_id
    last = contract.group_by(bound="resident_id").aggregate(**{TEAM: contract[TEAM].argmax(order)})
    return rows.inner_join(last, rows.resident_id == last.bound)


def _items(scene: Scene) -> ir.Table:
    rows = scene.during("contract_item", "due_on")
    in_time = (rows.done_on <= rows.due_on).fill_null(False)
    disputed = (rows.said == "disputed").fill_null(False)
    return rows.mutate(fulfilled=in_time & ~disputed, judged=rows.said.notnull(), accepted=rows.said == "confirmed")


CONTRACT_ITEMS = Relation(
    "contract_item", "应履约的签约服务", _items, (COUNTY["contract_item"],), EVERY, seat="institution_id"
)
"""One row an item that fell due: fulfilled (done in its window and not disputed by the resident), judged (the resident
confirmed or disputed it), accepted."""
