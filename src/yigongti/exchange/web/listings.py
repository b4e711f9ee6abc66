"""What the pages list: loads, what a load refused and why, what lies in quarantine, what the lake holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.analytics.lake.models import Part
from yigongti.exchange.files.checking.words import RULES
from yigongti.exchange.files.models import Load, QuarantinedRow
from yigongti.exchange.web.permits import visible_to
from yigongti.kernel.facts import COUNTY

EXAMPLES = 3
"""How many rows of a group of refusals are shown at once."""


@dataclass(frozen=True)
class Refusals:
    """The rows of a load that break one sort of rule in one column, with a few examples."""

    table: str
    rule: str
    column: str
    rows: int
    examples: tuple[QuarantinedRow, ...]

    @property
    def rule_label(self) -> str:
        return rule_label(self.rule)

    @property
    def column_label(self) -> str:
        return column_label(self.table, self.column)


@dataclass(frozen=True)
class Holding:
    """What the lake holds of a fact table: rows, the months from and to ("" for tables without), since when."""

    table: str
    label: str
    rows: int
    first: str
    last: str
    changed_at: datetime


def loads(user: Any, *, table: str = "", state: str = "") -> "QuerySet[Load]":
    """The loads that somebody sees, latest first; state: loaded, quarantined or refused ("" is all)."""
    found = Load.objects.filter(visible_to(user))
    if table:
        found = found.filter(table=table)
    if state == "refused":
        return found.exclude(error={})
    if state == "quarantined":
        return found.filter(quarantined__gt=0)
    return found.filter(error={}, quarantined=0) if state == "loaded" else found


def one_load(user: Any, number: int) -> Load:
    """One load.  Raises Http404 where there is none that the user sees."""
    found = Load.objects.filter(visible_to(user), pk=number).first()
    if found is None:
        raise Http404(f"no load {number} to be seen")
    return found


def refusals(load: Load) -> list[Refusals]:
    """The load's quarantined rows by rule and column, most first."""
    rows = QuarantinedRow.objects.filter(load=load)
    counted = rows.order_by().values_list("rule", "column").annotate(rows=Count("pk")).order_by("-rows", "rule")
    return [
        Refusals(load.table, rule, column, count, tuple(rows.filter(rule=rule, column=column)[:EXAMPLES]))
        for rule, column, count in counted
    ]


def quarantined(user: Any, **filters: str) -> "QuerySet[QuarantinedRow]":
    """The quarantined rows that somebody sees; filters: state, table, rule, load, where not empty."""
    wanted = {name: value for name, value in filters.items() if value}
    seen = visible_to(user, loader="load__by")
    return QuarantinedRow.objects.filter(seen, **wanted).select_related("load")


def one_row(user: Any, number: int) -> QuarantinedRow:
    """One quarantined row.  Raises Http404 where there is none that the user sees."""
    found = quarantined(user).filter(pk=number).first()
    if found is None:
        raise Http404(f"no quarantined row {number} to be seen")
    return found


def tallies(rows: "QuerySet[QuarantinedRow]") -> list[dict[str, Any]]:
    """How many of the rows break which sort of rule in which table, most first."""
    counted = rows.order_by().values("table", "rule").annotate(rows=Count("pk")).order_by("-rows", "table", "rule")
    return [{**each, "label": table_label(each["table"]), "rule_label": rule_label(each["rule"])} for each in counted]


def holdings() -> list[Holding]:
    """What the lake holds, in the dictionary's order."""
    alive = Part.objects.filter(kind=Part.CURRENT, retired_at=None).order_by()
    months = _by_table(
        alive.filter(month__contains="-").values("table").annotate(first=Min("month"), last=Max("month"))
    )
    counts = _by_table(alive.values("table").annotate(total=Sum("rows"), changed_at=Max("added_at")))
    return [_holding(name, counts[name], months.get(name, {})) for name in COUNTY if name in counts]


def table_label(table: str) -> str:
    """What people call a fact table; its name where the dictionary does not know it."""
    return _(COUNTY[table].label) if table in COUNTY else table


def column_label(table: str, column: str) -> str:
    """What people call a column; "" for a row as a whole."""
    if table not in COUNTY or column not in COUNTY[table].names:
        return column
    return _(COUNTY[table][column].label)


def rule_label(rule: str) -> str:
    """What people call a sort of rule."""
    return _(RULES[rule]) if rule in RULES else rule


def file_name(file: str) -> str:
    """A file without its folder."""
    return Path(file).name


def without_folder(error: Mapping[str, str], *, file: str) -> dict[str, str]:
    """Why a file was refused, with the file's name where its whole path stands: nobody asked for our folders."""
    folder = f"{Path(file).parent}/"
    return {name: text.replace(folder, "") for name, text in error.items()}


def _by_table(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["table"]: row for row in rows}


def _holding(name: str, counted: dict[str, Any], months: dict[str, Any]) -> Holding:
    first, last = months.get("first", ""), months.get("last", "")
    return Holding(name, table_label(name), counted["total"], first, last, counted["changed_at"])
