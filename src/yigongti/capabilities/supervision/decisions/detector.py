"""What a detector is: declared once with its clause, its parameters as rules, and an expression that finds its hits.

    Detector("split_admission", label="分解住院", …, parameters={"interval": "supervision.split.interval"}, find=_split)

A hit is one row of HIT, whatever the detector: whom it concerns, which rows prove it, how much fund money is at
stake.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

HIT = pa.schema([
    pa.field("subject", pa.string()),
    pa.field("institution_id", pa.string()),
    pa.field("resident_id", pa.string()),
    pa.field("prescriber_id", pa.string()),
    pa.field("day", pa.date32()),
    pa.field("evidence", pa.list_(pa.string())),
    pa.field("amount_fen", pa.int64()),
    pa.field("measured", pa.float64()),
    pa.field("allowed", pa.float64()),
    pa.field("note", pa.string()),
])  # fmt: skip
"""subject: what makes the hit the same hit again; evidence: rows by name ("stay:S1"); amount_fen: fund money in
question; measured against allowed, in the detector's unit; note: what the numbers do not say."""


class Severity(StrEnum):
    """How sure a hit is of being wrong: a breach by its figures alone, or a suspicion that papers must settle."""

    BREACH = "breach"
    SUSPICION = "suspicion"

    @property
    def label(self) -> str:
        return {"breach": "违规", "suspicion": "可疑"}[self]


class Gather(StrEnum):
    """What makes one lead: every hit by itself, or all hits of an institution's month together."""

    HIT = "hit"
    MONTH = "month"


@dataclass(frozen=True)
class Sight:
    """What a detector sees: fact tables by name, the period swept, its own parameters as rules in force."""

    tables: Mapping[str, ir.Table]
    period: Period
    rules: Mapping[str, RuleVersion] = field(default_factory=dict)

    def __getitem__(self, table: str) -> ir.Table:
        return self.tables[table]

    @property
    def year(self) -> int:
        """The year in which the period ends: what is said of a whole institution is said once a year, however often
        and however long a time is swept."""
        return self.period.end.year

    def rule(self, name: str) -> RuleVersion:
        """A parameter.  Raises KeyError for one that the detector does not declare."""
        return self.rules[name]

    def number(self, name: str) -> float:
        """The parameter as a plain number."""
        return float(self.rules[name].number)

    def during(self, table: str, day: str = "day") -> ir.Table:
        """The rows of the period."""
        rows = self.tables[table]
        return rows.filter(rows[day].between(self.period.start, self.period.end))


@dataclass(frozen=True, eq=False)
class Detector:
    """One way of looking for misuse of the fund.

    definition: what counts as a hit, in words; source: (document, clause) that forbids it; parameters: name → rule id;
    reads: fact tables; says: one sentence of a hit with {measured}, {allowed} and {note}; find: the expression whose
    rows are of HIT; judge: what turns the found rows into hits, where an expression alone does not do.
    """

    id: str
    label: str
    definition: str
    source: tuple[str, str]
    severity: Severity
    reads: tuple[str, ...]
    says: str
    find: Callable[[Sight], ir.Table]
    parameters: Mapping[str, str] = field(default_factory=dict)
    gather: Gather = Gather.HIT
    judge: Callable[[pa.Table, Sight], pa.Table] | None = None

    def sentence(self, *, measured: float | None, allowed: float | None, note: str) -> str:
        """What a hit says of itself."""
        return self.says.format(measured=_plain(measured), allowed=_plain(allowed), note=note).strip(",")


def _plain(number: float | None) -> str:
    return "—" if number is None else f"{number:,.2f}".rstrip("0").rstrip(".")


def hits(
    rows: ir.Table, *, subject: ir.StringValue, day: ir.DateValue, evidence: Sequence[ir.StringValue] | ir.ArrayValue,
    amount_fen: ir.IntegerValue, measured: ir.Value, allowed: ir.Value, resident: ir.StringValue | None = None,
    doctor: ir.StringValue | None = None, note: ir.StringValue | str = "",
) -> ir.Table:  # fmt: skip
    """Rows as hits: the columns of HIT, at `rows.institution_id`."""
    nobody = ibis.null("string")
    return rows.select(
        subject=subject,
        institution_id=rows.institution_id,
        resident_id=nobody if resident is None else resident,
        prescriber_id=nobody if doctor is None else doctor,
        day=day,
        evidence=ibis.array(list(evidence)) if isinstance(evidence, Sequence) else evidence,
        amount_fen=amount_fen.cast("int64"),
        measured=ibis.literal(measured).cast("float64")
        if isinstance(measured, int | float)
        else measured.cast("float64"),
        allowed=ibis.literal(allowed).cast("float64") if isinstance(allowed, int | float) else allowed.cast("float64"),
        note=ibis.literal(note) if isinstance(note, str) else note,
    )
