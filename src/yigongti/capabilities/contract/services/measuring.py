"""The quality of every team's contracts, measured from the lake and kept for statements and pages to read."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from yigongti.analytics.lake import facts_as_of, paths
from yigongti.analytics.runner import run_apart
from yigongti.capabilities.contract.decisions.fees import WEIGHTS
from yigongti.capabilities.contract.facts import TEAM
from yigongti.capabilities.contract.indicators import of_teams
from yigongti.capabilities.contract.models import TeamMark, Watermark
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.periods import Period
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.county_rules import county_rules

NAME = "team_quality"
MASTERS = ("institution", "place", "resident")


def keep_up(*, today: date) -> int:
    """Measure this year and the last anew, once a day and only where facts have arrived; returns how many marks."""
    instants = [instant for name in _tables(_wanted(today)) if (instant := facts_as_of(name)) is not None]
    as_of = max(instants, default=None)
    seen = Watermark.objects.filter(pk=NAME).first()
    if as_of is None or (seen is not None and (seen.as_of == as_of or seen.day == today)):
        return 0
    found = sum(measure(year, today=today) for year in (today.year - 1, today.year))
    Watermark.objects.update_or_create(pk=NAME, defaults={"as_of": as_of, "day": today})
    return found


def measure(year: int, *, today: date) -> int:
    """Measure what the rule contract.quality.weights names for every team, from the year's first day to its last or
    today; what was measured of that year before is replaced.  Returns how many marks there are."""
    period = Period(date(year, 1, 1), max(date(year, 1, 1), min(date(year, 12, 31), today)))
    wanted = _wanted(period.end)
    tables: Mapping[str, Any] = {name: files for name in _tables(wanted) if (files := paths(name))}
    rows = run_apart(wanted, column=TEAM, tables=tables, period=period, rules=county_rules()).to_pylist()
    marks = {(row[TEAM], row["indicator"]): row for row in sorted(rows, key=lambda row: row["period_start"])}
    with transaction.atomic():
        TeamMark.objects.filter(year=year).delete()
        made = TeamMark.objects.bulk_create(_mark(year, row) for (team, _), row in marks.items() if team)
    return len(made)


def _wanted(on: date) -> list[Indicator]:
    names = county_rules().find(WEIGHTS, on=on).table
    return [of_teams(REGISTRY.indicators[name]) for name in names if name in REGISTRY.indicators]


def _tables(wanted: Iterable[Indicator]) -> set[str]:
    return {name for indicator in wanted for name in indicator.reads} | set(MASTERS)


def _mark(year: int, row: Mapping[str, Any]) -> TeamMark:
    """Of the stretches into which a change of rule cuts the year, the last one counts."""
    return TeamMark(
        team_id=row[TEAM], year=year, indicator=row["indicator"], numerator=row["numerator"],
        denominator=row["denominator"], value=row["value"], why_null=row["why_null"] or "",
        rule_versions=dict(row["rule_versions"]),
    )  # fmt: skip
