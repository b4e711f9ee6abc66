"""Writing a package: a new dated version of its rule in the county's own pack, with the document that decides it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.contract.decisions.packages import PREFIX, SOURCES, Item, Package, package_of
from yigongti.capabilities.contract.services.signing import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.money import yuan
from yigongti.kernel.roles import Role
from yigongti.kernel.rules import DEFAULT_POLICY, Clause, Document
from yigongti.kernel.rules.writing import Draft, write_document, write_value
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

KEEPERS = frozenset({Role.BUREAU})


@dataclass(frozen=True)
class Decided:
    """Where a package was decided: title and number of the document, its clause, its day, and from when it holds."""

    title: str
    number: str
    clause: str
    issued_on: date
    effective_from: date


def write_package(code: str, name: str, items: tuple[Item, ...], *, decided: Decided, by: Any, at: datetime) -> Package:
    """Write a version of a package; returns it as it will be read.

    Contracts that run keep the items they were scheduled with.  Raises NotAllowed for another than the bureau,
    Refusal for a day in the past, PolicyError where the rows do not make a package.
    """
    if not may(by, KEEPERS):
        raise NotAllowed("服务包由卫生健康局维护", remedy="请转交卫生健康局")
    if decided.effective_from < day_of(at):
        raise Refusal("不能改动已经过去的日子", where=f"{decided.effective_from}", why="签约时的服务包要能重现",
                      remedy="请从今天或以后的日期起执行")  # fmt: skip
    if not items:
        raise Refusal("服务包里没有项目", where=name, remedy="至少写一项")
    document = _document(code, decided)
    draft = Draft(
        rule_id=f"{PREFIX}{code}", label=name, kind="table", unit="yuan",
        value={item.code: _row(item) for item in items},
        effective_from=decided.effective_from, recorded_on=day_of(at), doc=document.id, clause=decided.clause,
    )  # fmt: skip
    with transaction.atomic():
        detail = {"rule": draft.rule_id, "clause": f"{document.number or document.title} {decided.clause}"}
        trail.record("write_rule", actor=by.username, at=at, subject=f"rule:{draft.rule_id}", detail=detail)
        write_document(home().own_policy, document)
        write_value(home().own_policy, draft, root=DEFAULT_POLICY, book=county_rules())
    return package_of(county_rules().find(draft.rule_id, on=decided.effective_from))


def _document(code: str, decided: Decided) -> Document:
    key = f"contract-{code}-{decided.effective_from:%Y%m%d}"
    clause = Clause(decided.clause, "家庭医生签约服务包")
    return Document(
        id=key, title=decided.title, number=decided.number, issuer=home().choices.county, issued_on=decided.issued_on,
        level="county", region=home().choices.county, clauses={clause.id: clause}, note="由服务包页面登记",
    )  # fmt: skip


def _row(item: Item) -> dict[str, object]:
    shares = {
        source: str(share) if share.denominator > 1 else int(share)
        for source, share in zip(SOURCES, item.shares, strict=True)
    }
    return {
        "name": item.name, "by": item.by, "times": item.times, "price": yuan(item.price_fen).replace(",", ""), **shares,
        "evidence": item.evidence or None,
    }  # fmt: skip
