"""What measures a target: checked wherever it is chosen, and chosen anew while the target's document stands.

Indicators come later than documents, and a wrong one is seen only when its numbers come.
"""

from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction

from yigongti.capabilities.ledger.decisions.terms import terms_of
from yigongti.capabilities.ledger.models import PolicyDocument, Target
from yigongti.capabilities.ledger.selectors.documents import STANDING
from yigongti.capabilities.ledger.workflow import KEEPERS
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules.units import UNITS
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail


class Quantity(Protocol):
    """A target, or what a person says it is: its number as written."""

    @property
    def phrase(self) -> str: ...

    @property
    def value(self) -> float: ...

    @property
    def unit(self) -> str: ...

    @property
    def per(self) -> str: ...


@transaction.atomic
def measure_by(
    target: Target, indicator: str, *, baseline: float | None, baseline_on: date | None, by: Any, at: datetime
) -> None:
    """Choose what measures a confirmed target ("" nothing), and where it stood at the start.

    Raises NotAllowed for another than the bureau or where its document does not stand; Refusal as the checks below,
    and where a rule was written by the indicator that it has.
    """
    document = PolicyDocument.objects.select_for_update(of=("self", "case_ptr")).get(pk=target.clause.document_id)
    if not may(by, KEEPERS):
        raise NotAllowed("由卫生健康局选定指标", remedy="请转交卫生健康局")
    if document.state not in STANDING:
        raise NotAllowed("文件不在执行,不能再改", where=document.title, why="结束时的指标留作记录")
    if target.rule_id and indicator != target.indicator:
        raise Refusal(f"这个目标已写成规则 {target.rule_id}", where=target.phrase, remedy="要换指标,请先收回规则")
    if indicator:
        must_measure(indicator, target, where=target.phrase)
    must_be_dated(baseline, baseline_on, where=target.phrase)
    Target.objects.filter(pk=target.pk).update(indicator=indicator, baseline=baseline, baseline_on=baseline_on)
    said = {"target": target.pk, "from": target.indicator, "to": indicator, "baseline": baseline}
    trail.record("measure_target_by", actor=by.username, at=at, subject=f"case:{document.pk}", detail=said)


def must_measure(indicator: str, quantity: Quantity, *, where: str) -> None:
    """Refuse an indicator that the county does not have, or that counts in another unit than the target."""
    known = REGISTRY.indicators.get(indicator)
    if known is None:
        raise Refusal(f"没有指标“{indicator}”", where=where, remedy="请从列表中选择")
    unit = terms_of(quantity.value, quantity.unit, per=quantity.per, phrase=quantity.phrase).unit
    if unit != known.unit:
        raise Refusal(
            f"指标“{known.label}”以“{UNITS[known.unit]}”计,目标以“{UNITS[unit]}”计",
            where=where,
            why="单位不同,实测值与目标不能比较",
            remedy="请另选指标,或选“没有指标测量它”",
        )


def must_be_dated(baseline: float | None, baseline_on: date | None, *, where: str) -> None:
    """Refuse a baseline without its day, and a day without its value."""
    if (baseline is None) != (baseline_on is None):
        raise Refusal("基期值和基期要一起填写", where=where, remedy="请补填另一项,或都不填")
