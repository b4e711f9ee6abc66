"""Facts about a person in words: what a timeline says about each, in which order, with which picture."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from yigongti.kernel.facts import COUNTY, Column, Kind
from yigongti.pages.numbers import digits, yuan
from yigongti.spine.places.models import Institution
from yigongti.spine.record.selectors import TimelineItem

Naming = Callable[[str, str], str]
"""A column and a code of it → how the reader is told of it."""
CODED = frozenset({"dx", "procedures", "item_code", "department", "dose_unit", "route", "frequency"})
"""The columns whose codes, and words of the trade, a naming is asked for."""
NO_FACTS = frozenset({"tcm", "booked", "resident_id"})
"""Columns that are left out of the details where they say no more than the title, or nothing."""


@dataclass(frozen=True)
class Look:
    """How a fact table looks in a timeline: its icon, the columns that its title says, and the amount beside it."""

    icon: str
    title: tuple[str, ...]
    amount: str = ""


LOOKS: Mapping[str, Look] = {
    "visit": Look(icon="stethoscope", title=("kind", "department", "dx"), amount="total_fen"),
    "stay": Look(icon="bed", title=("department", "dx", "procedures", "discharge_way"), amount="total_fen"),
    "prescription_line": Look(icon="pill", title=()),
    "exam": Look(icon="microscope", title=("kind", "item_code", "critical")),
    "measurement": Look(icon="heartbeat", title=()),
    "contract": Look(icon="file-certificate", title=("package", "end_on")),
    "enrolment": Look(icon="clipboard-list", title=("programme", "end_on")),
    "follow_up": Look(icon="home-heart", title=("programme", "mode", "result", "next_due")),
    "referral": Look(icon="arrows-exchange", title=("direction", "to_institution_id", "outcome")),
    "condition": Look(icon="notes", title=("name", "code", "status")),
    "procedure": Look(icon="scissors", title=("name", "code")),
    "immunization": Look(icon="vaccine", title=("vaccine_name", "dose")),
    "allergy": Look(icon="alert-triangle", title=("substance_name", "criticality")),
    "infectious_report": Look(icon="virus", title=("disease", "case_class", "status")),
    "death": Look(icon="candle", title=("cause",)),
}
OTHER = Look(icon="file", title=())
DRUG = ("drug_name", "dose", "dose_unit", "route", "frequency", "days")
MEASURE = ("code", "value", "unit")


@dataclass(frozen=True)
class Moment:
    """One item of the timeline in words.  lines: the drugs of a prescription, the values of a sitting;
    details: column label → value; has_charges: whether the lake may hold charges of it."""

    day: date
    table: str
    label: str
    key: str
    icon: str
    title: str
    institution: str
    amount: str
    lines: Sequence[str] = ()
    details: Sequence[tuple[str, str]] = field(default=())
    has_charges: bool = False


def as_coded(_column: str, code: str) -> str:
    """The naming of who reads codes."""
    return code


@dataclass(frozen=True)
class _Words:
    """What a value is told with: the names of institutions, and the naming of codes."""

    institutions: Mapping[str, str]
    naming: Naming

    def say(self, column: Column, value: Any) -> str:
        if column.name in CODED and value:
            codes = value if isinstance(value, list) else [value]
            return "、".join(self.naming(column.name, str(code)) for code in codes)
        return said(column, value, self.institutions)


def in_words(items: Iterable[TimelineItem], naming: Naming = as_coded) -> list[Moment]:
    """Timeline items as moments; the names of all institutions they mention are asked for once."""
    known = list(items)
    words = _Words(_institutions(known), naming)
    return [_moment(item, words) for item in known]


def said(column: Column, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value as people read it; "" for null."""
    if value is None or value == []:
        return ""
    if column.refers == "institution":
        return (names or {}).get(value, str(value))
    return SAYING.get(column.kind, partial(_plain, column))(value)


def _plain(column: Column, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_plain(column, each) for each in value)
    return _(column.choices[value]) if value in column.choices else str(value)


def _instant(value: str) -> str:
    """Instants are kept in the county's time: 2025-03-10 12:03:28+08 → 2025-03-10 12:03."""
    return value[:16].replace("T", " ")


def _number(value: float) -> str:
    return digits(value)


def _flag(value: bool) -> str:
    return _("是") if value else _("否")


SAYING: Mapping[Kind, Callable[[Any], str]] = {
    Kind.FEN: yuan,
    Kind.INSTANT: _instant,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
}


def _moment(item: TimelineItem, words: _Words) -> Moment:
    look, table = LOOKS.get(item.table, OTHER), COUNTY[item.table]
    lines = _lines(item, words)
    return Moment(
        day=item.day,
        table=item.table,
        label=_(item.label),
        key=item.key,
        icon=look.icon,
        title=" · ".join(_title(item, look, words)) or (lines[0] if len(lines) == 1 else ""),
        institution=words.institutions.get(item.institution_id or "", item.institution_id or ""),
        amount=said(table[look.amount], item.facts.get(look.amount)) if look.amount else "",
        lines=lines if len(lines) > 1 else (),
        details=_details(item, look, words),
        has_charges=item.table in ("visit", "stay"),
    )


def _title(item: TimelineItem, look: Look, words: _Words) -> Iterable[str]:
    table = COUNTY[item.table]
    for name in look.title:
        column, value = table[name], item.facts.get(name)
        if column.kind is Kind.FLAG:
            text = _(column.label).removeprefix("是否") if value else ""
        else:
            text = words.say(column, value)
            text = f"{_(column.label)} {text}" if text and column.kind is Kind.DAY else text
        if text:
            yield text


def _lines(item: TimelineItem, words: _Words) -> tuple[str, ...]:
    every = item.lines or (item.facts,)
    if item.table == "prescription_line":
        return tuple(_drug(facts, words) for facts in every)
    return tuple(_measure(facts) for facts in every) if item.table == "measurement" else ()


def _drug(facts: Mapping[str, Any], words: _Words) -> str:
    name, dose, unit, route, frequency, days = (words.say(COUNTY["prescription_line"][c], facts.get(c)) for c in DRUG)
    return " ".join(
        part for part in (name, f"{dose}{unit}", route, frequency, _("%(days)s 天") % {"days": days}) if part
    )


def _measure(facts: Mapping[str, Any]) -> str:
    code, value, unit = (said(COUNTY["measurement"][c], facts.get(c)) for c in MEASURE)
    return f"{code} {value} {unit}".strip()


def _details(item: TimelineItem, look: Look, words: _Words) -> list[tuple[str, str]]:
    """Every other column that has a value, by its label; those of grouped lines are said by the lines."""
    if item.lines:
        return []
    left_out = {*look.title, look.amount, *NO_FACTS, "institution_id"}
    columns = (column for column in COUNTY[item.table].columns if column.name not in left_out)
    told = ((_(column.label), words.say(column, item.facts.get(column.name))) for column in columns)
    return [(label, text) for label, text in told if text]


def _institutions(items: Sequence[TimelineItem]) -> dict[str, str]:
    wanted = {item.institution_id for item in items}
    for item in items:
        wanted |= {item.facts.get(c.name) for c in COUNTY[item.table].columns if c.refers == "institution"}
    return dict(Institution.objects.filter(pk__in=wanted - {None}).values_list("pk", "name"))
