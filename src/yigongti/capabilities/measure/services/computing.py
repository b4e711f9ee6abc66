"""All indicators at every level, for a whole period and month by month: from the runner's tables to rows to store."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from yigongti.analytics.engines import DuckDBEngine, Source
from yigongti.analytics.runner import Book, run_together
from yigongti.capabilities.measure.models import Level
from yigongti.kernel.indicators import MONTH, Indicator
from yigongti.kernel.periods import Period

Row = dict[str, Any]
TRENDING = (Level.COUNTY, Level.CONSORTIUM, Level.ZONE, Level.INSTITUTION)
"""The levels that people watch from month to month."""
MONTHLY = ("numerator", "denominator", "value", "met", "why_null")


@dataclass(frozen=True)
class Question:
    """What is computed: all indicators over a period, their trend by month, with the rules as known on a day."""

    indicators: Sequence[Indicator]
    period: Period
    trend: Period
    book: Book
    known_on: date


@dataclass(frozen=True)
class Computed:
    """Rows as models.Value has them (without its run), and the sets of rule versions they name by place."""

    rows: list[Row]
    rule_sets: list[dict[str, str]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 over every value: equal for equal results, bit for bit."""
        text = hashlib.sha256()
        for row in sorted(self.rows, key=key_of):
            whole = {**row, "rule_set": self.rule_sets[row["rule_set"]]}
            text.update(json.dumps(whole, sort_keys=True, default=str).encode())
        return text.hexdigest()

    @property
    def facts_as_of(self) -> date | None:
        """The last day up to which all facts reach that the county's numbers rest on."""
        days = [row["facts_as_of"] for row in self.rows if row["facts_as_of"] and row["level"] == Level.COUNTY]
        return max(days, default=None)


def key_of(row: Row) -> tuple[str, str, str, str]:
    """What tells one row of a run from another."""
    return row["level"], row["group"], row["indicator"], str(row["period_start"])


def compute(question: Question, *, sources: Mapping[str, Source]) -> Computed:
    """Run everything: the county as a whole and every group of every level."""
    sets: dict[str, int] = {}
    rows: list[Row] = []
    with DuckDBEngine() as engine:

        def asked(period: Period, levels: Iterable[Level], *month: str) -> Iterator[pa.Table]:
            groupings = {
                (*_group(level), *month): [each for each in question.indicators if _able(each, level, *month)]
                for level in levels
            }
            book, known_on = question.book, question.known_on
            yield from run_together(
                groupings, tables=sources, period=period, rules=book, engine=engine, known_on=known_on
            ).values()

        whole = dict(zip(Level, asked(question.period, Level), strict=True))
        months = dict(zip(TRENDING, asked(question.trend, TRENDING, MONTH), strict=True))
    for level in Level:
        rows += _rows(level, whole[level], months.get(level), sets)
    return Computed(rows, [json.loads(text) for text in sets])


def _group(level: Level) -> tuple[str, ...]:
    return () if level is Level.COUNTY else (level.value,)


def _able(indicator: Indicator, level: Level, *month: str) -> bool:
    return {*_group(level), *month} <= set(indicator.group_by)


def _rows(level: Level, whole: pa.Table, months: pa.Table | None, sets: dict[str, int]) -> Iterator[Row]:
    trends = {} if months is None else _trends(level, months)
    for found in whole.to_pylist():
        group = "" if level is Level.COUNTY else found[level.value]
        if group is not None:
            yield _row(level, group, found, sets) | {"months": trends.get((found["indicator"], group), [])}


def _row(level: Level, group: str, found: Row, sets: dict[str, int]) -> Row:
    target = found["target"] or {"low": None, "high": None, "text": ""}
    versions = json.dumps(dict(found["rule_versions"]), sort_keys=True)
    same = ("indicator", "period_start", "period_end", "numerator", "denominator", "value", "met", "facts_as_of")
    return {
        "level": level.value,
        "group": group,
        **{name: found[name] for name in same},
        "target_low": target["low"],
        "target_high": target["high"],
        "target_text": target["text"] or "",
        "why_null": found["why_null"] or "",
        "rule_set": sets.setdefault(versions, len(sets)),
    }


def _trends(level: Level, months: pa.Table) -> dict[tuple[str, str], list[list[Any]]]:
    """(indicator, group) → its months in order; of a month in which a rule changed, the later stretch stands."""
    named = ["indicator", MONTH, *MONTHLY, *([] if level is Level.COUNTY else [level.value])]
    found: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(dict)
    for row in months.sort_by([("period_start", "ascending")]).select(named).to_pylist():
        if row[MONTH] is not None:
            group = row.get(level.value, "") or ""
            found[row["indicator"], group][row[MONTH]] = [row[MONTH], *(row[name] for name in MONTHLY)]
    return {key: [trend[month] for month in sorted(trend)] for key, trend in found.items()}
