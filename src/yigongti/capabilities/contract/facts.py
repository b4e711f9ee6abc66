"""Rows that the contract's numbers are counted over: every item of a contract that fell due in the period."""

import ibis.expr.types as ir

from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators import EVERY, Relation, Scene


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
