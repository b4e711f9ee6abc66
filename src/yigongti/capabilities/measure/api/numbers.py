"""Measured numbers as other capabilities use them: a contract's fee, a quality factor, a task's progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yigongti.capabilities.measure.models import Level, Run, Value
from yigongti.capabilities.measure.selectors.figures import latest_run
from yigongti.kernel.errors import Refusal
from yigongti.kernel.registry import REGISTRY

_COPIED = (
    "indicator", "level", "group", "period_start", "period_end", "numerator", "denominator", "value", "target_text",
    "met", "why_null",
)  # fmt: skip


@dataclass(frozen=True)
class Number:
    """One measured number.  value is None where it could not be measured, and why_null says why; it is never 0 by
    default.  rule_versions: rule id → version that entered; run_id: the run it comes from."""

    indicator: str
    level: str
    group: str
    period_start: date
    period_end: date
    numerator: float | None
    denominator: float | None
    value: float | None
    target_text: str
    met: bool | None
    why_null: str
    rule_versions: Mapping[str, str]
    run_id: str


def latest(indicator: str, *, level: str = Level.COUNTY, group: str = "", run_id: str = "") -> Number | None:
    """The number of one group, from the everyday results or from the run given; None where there is none.

    Raises Refusal for an indicator that does not exist.
    """
    return at_level(indicator, level=level, run_id=run_id, groups=(group,)).get(group)


def at_level(indicator: str, *, level: str, run_id: str = "", groups: tuple[str, ...] = ()) -> dict[str, Number]:
    """The numbers of all groups of a level (or those named), by group.  Raises Refusal as `latest`."""
    if indicator not in REGISTRY.indicators:
        raise Refusal(f"没有指标“{indicator}”", remedy="可用 yigongti indicators 查看全部指标")
    run = Run.objects.filter(pk=run_id).first() if run_id else latest_run()
    if run is None:
        return {}
    values = run.values.filter(indicator=indicator, level=level).order_by("period_start")
    found = values.filter(group__in=groups) if groups else values
    return {value.group: number_of(value, run) for value in found.defer("months")}


def number_of(value: Value, run: Run) -> Number:
    """A stored value as a number."""
    copied: dict[str, Any] = {name: getattr(value, name) for name in _COPIED}
    return Number(**copied, rule_versions=run.rule_sets[value.rule_set], run_id=run.pk)
