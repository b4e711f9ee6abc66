"""Documents, packs, rules and their versions as the rest of the product sees them: frozen, cited, dated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeVar, get_args

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.money import fen
from yigongti.kernel.periods import month_end
from yigongti.kernel.rules.values import Band, CodeSet, Exact, Point, Table, Value
from yigongti.kernel.rules.wording import in_words

Level = Literal["county", "city", "province", "nation"]
Confidence = Literal["stated", "derived", "default"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Nearest first: the order in which a lookup walks."""
LEVEL_LABELS: Mapping[Level, str] = {"county": "县区", "city": "市", "province": "省", "nation": "国家"}
CONFIDENCE_LABELS: Mapping[Confidence, str] = {"stated": "文件载明", "derived": "由文件推得", "default": "工作默认值"}
COMPARATORS = (">=", "<=", ">", "<", "=", "~")
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "~": "约"}
_SPANS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_YUAN = {"fen": Decimal("0.01"), "wan_yuan": Decimal(10_000)}

Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True)
class Clause:
    """A clause of a document: its number in the document and a short heading in our words."""

    id: str
    heading: str


@dataclass(frozen=True)
class Document:
    """A policy document that rules cite; `clauses` by id.  No texts are kept, only what is needed to cite."""

    id: str
    title: str
    number: str
    issuer: str
    issued_on: date
    level: Level
    region: str
    clauses: Mapping[str, Clause]
    note: str = ""


@dataclass(frozen=True)
class SourceRef:
    """The clause a value comes from."""

    doc: str
    clause: str
    heading: str
    title: str
    number: str

    @property
    def text(self) -> str:
        """《title》(number)clause heading — as a screen shows it."""
        number = f"({self.number})" if self.number else ""
        clause = f"第{self.clause}条" if self.clause.isdigit() else self.clause
        return f"《{self.title}》{number}{clause} {self.heading}"


@dataclass(frozen=True)
class Pack:
    """A place's policy: its level, what it builds on, the documents it comes from and what it switches on."""

    id: str
    label: str
    level: Level
    region: str
    parents: tuple[str, ...]
    documents: tuple[str, ...]
    capabilities: Mapping[str, SourceRef]
    rules: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class RuleVersion:
    """One dated value of a rule with its citation.

    effective_from … effective_to (None: until the next version): the days it is in force;
    recorded_on: from when it was known; due: the day by which a target is to be met; comparator: how a target
    compares (">=", …; "" where the rule is not a target); confidence: stated, derived or default.
    """

    rule_id: str
    label: str
    kind: str
    unit: str
    value: Value
    effective_from: date
    recorded_on: date
    source: SourceRef
    confidence: Confidence
    level: Level
    pack: str
    effective_to: date | None = None
    due: date | None = None
    comparator: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """Names this version in frozen results: pack@effective day, with the recording day where it is another."""
        later = f"~{self.recorded_on}" if self.recorded_on != self.effective_from else ""
        return f"{self.pack}@{self.effective_from}{later}"

    @property
    def exact(self) -> Exact:
        """The number as written, exact (for money and points).  Raises TypeError where the rule is no number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            raise TypeError(f"rule {self.rule_id} is of kind {self.kind}, not one number")
        return self.value

    @property
    def number(self) -> float:
        """The number for analytics: an int where it is whole, else a float."""
        return self.exact if isinstance(self.exact, int) else float(self.exact)

    @property
    def fen(self) -> int:
        """Money in fen, half a fen up."""
        self._must_be("money")
        return fen(self.exact * _YUAN.get(self.unit, Decimal(1)))

    @property
    def is_on(self) -> bool:
        """The answer of a yes_no rule."""
        self._must_be("yes_no")
        return self.value is True

    @property
    def timedelta(self) -> timedelta:
        """A duration of seconds to weeks; months and years have no fixed length: use `after`."""
        self._must_be("duration")
        if self.unit not in _SPANS:
            raise TypeError(f"rule {self.rule_id} is in {self.unit}: use .after(day)")
        return timedelta(seconds=float(self.exact) * _SPANS[self.unit])

    @property
    def days(self) -> int:
        """A duration in days.  Raises TypeError where it is not a whole number of them: use `timedelta`."""
        if self.timedelta % timedelta(days=1):
            raise TypeError(f"rule {self.rule_id} is {self.text}, not whole days: use .timedelta")
        return self.timedelta.days

    def after(self, moment: Moment) -> Moment:
        """The day or instant that lies this duration after another; 31 January + 1 month = the last of February."""
        self._must_be("duration")
        if self.unit not in ("month", "year"):
            return moment + self.timedelta
        months = int(self.exact) * (12 if self.unit == "year" else 1)
        index = moment.year * 12 + moment.month - 1 + months
        first = date(index // 12, index % 12 + 1, 1)
        return moment.replace(year=first.year, month=first.month, day=min(moment.day, month_end(first).day))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of the rule, in ascending order."""
        self._must_be("bands")
        assert isinstance(self.value, tuple)
        return self.value

    def covers(self, point: Point) -> bool:
        """Whether a point lies in any band (a target of the kind "within")."""
        return any(band.contains(point) for band in self.bands)

    def band(self, point: Point) -> Band:
        """The band that holds a point.  Raises PolicyError outside all bands: there is no default."""
        found = next((band for band in self.bands if band.contains(point)), None)
        if found is None:
            raise PolicyError(
                f"{point} 不在规则“{self.label}”的任何一段内",
                where=f"{self.rule_id}({self.key})",
                why=self.source.text,
                remedy="请补充这一段的取值,或核对数据",
            )
        return found

    @property
    def table(self) -> Table:
        """The table of the rule: name → number or text, or row → {column → number, text or None}."""
        self._must_be("table")
        assert isinstance(self.value, Mapping)
        return self.value

    @property
    def codes(self) -> CodeSet:
        """The code set of the rule; `code in version.codes`."""
        self._must_be("code_set")
        assert isinstance(self.value, CodeSet)
        return self.value

    @property
    def text(self) -> str:
        """The value as people read it: ≥81%, 4 次/年, 2 小时."""
        sign = "" if isinstance(self.value, Mapping | tuple | CodeSet) else _SIGNS.get(self.comparator, "")
        return sign + self.amount

    @property
    def amount(self) -> str:
        """The value without its comparator, for a sentence that says itself how it binds: 14 日."""
        return in_words(self.value, unit=self.unit)

    def with_value(self, value: Value) -> "RuleVersion":
        """The same version worth something else, marked as a supposition (for what-if)."""
        return replace(self, value=value, pack=f"{self.pack}+what-if", confidence="default")

    def _must_be(self, kind: str) -> None:
        if self.kind != kind:
            raise TypeError(f"rule {self.rule_id} is of kind {self.kind}, not {kind}")


@dataclass(frozen=True)
class Rule:
    """All versions of one rule in a composition of packs; `layers` nearest pack first."""

    id: str
    label: str
    kind: str
    unit: str
    layers: Mapping[str, tuple[RuleVersion, ...]]
    checked_on: date

    @cached_property
    def versions(self) -> tuple[RuleVersion, ...]:
        """Every version: nearest pack first, then by the day it comes into force and was recorded."""
        return tuple(version for layer in self.layers.values() for version in layer)

    def in_force(self, *, on: date, known_on: date | None = None) -> RuleVersion | None:
        """The version in force on a day as known on another; walks county → nation; None outside all dates."""
        return next((found for layer in self.layers.values() if (found := _latest(layer, on, known_on))), None)


def _latest(layer: tuple[RuleVersion, ...], on: date, known_on: date | None) -> RuleVersion | None:
    begun = [v for v in layer if v.effective_from <= on and (known_on is None or v.recorded_on <= known_on)]
    if not begun:
        return None
    latest = max(begun, key=lambda v: (v.effective_from, v.recorded_on))
    return latest if latest.effective_to is None or on <= latest.effective_to else None
