"""The early warnings of computed results: every number judged against its target, its past and its peers."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from yigongti.capabilities.measure.decisions import Alert, Measured, early_warnings
from yigongti.capabilities.measure.models import Level
from yigongti.capabilities.measure.services.computing import Row
from yigongti.kernel.periods import Period
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import RuleBook
from yigongti.spine.places.models import Institution

WATCHED = (Level.COUNTY, Level.CONSORTIUM, Level.ZONE, Level.INSTITUTION)
"""The levels at which somebody answers for a number."""


def warnings_of(rows: Sequence[Row], *, book: RuleBook, known_on: date) -> list[dict[str, Any]]:
    """Rows for models.EarlyWarning (without their run), by the rules in force at the end of the rows' period."""
    if not rows:
        return []
    end = max(row["period_end"] for row in rows)
    return [_row(alert) for alert in early_warnings(_measured(rows), rules=book.on(end, known_on))]


def _measured(rows: Sequence[Row]) -> Iterator[Measured]:
    """The numbers that are watched; an institution's peers are those of its kind in the county."""
    kinds = dict(Institution.objects.filter(in_county=True).values_list("pk", "kind"))
    for row in rows:
        level, group = row["level"], row["group"]
        if level in WATCHED and (level != Level.INSTITUTION or group in kinds):
            yield Measured(
                REGISTRY.indicators[row["indicator"]],
                level,
                group,
                Period(row["period_start"], row["period_end"]),
                row["value"],
                row["denominator"],
                [(month[0], month[3]) for month in row["months"]],
                kinds.get(group, "") if level == Level.INSTITUTION else "",
            )


def _row(alert: Alert) -> dict[str, Any]:
    copied = ("indicator", "level", "group", "severity", "value", "compared_with", "rule_id", "rule_version")
    return {
        **{name: getattr(alert, name) for name in copied},
        "kind": alert.kind.value,
        "period_start": alert.period.start,
        "period_end": alert.period.end,
        "text": alert.text[:400],
        "clause": alert.clause[:200],
    }
