"""What a reading is: documents, their clauses, and the targets and rules found in them.

All values are frozen; `as_json` gives the published shape of `yigongti ledger read --json`.
"""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["target", "rule"]
Comparator = Literal[">=", "<=", ">", "<", "=", "~"]
Number = int | float


def tidy(value: float) -> Number:
    """A whole number as an int, any other rounded past binary noise."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


@dataclass(frozen=True)
class Target:
    """One measurable target (`target`) or standing norm (`rule`).

    value, upper: as written, in `unit` (upper only for a range).  due: a year `2027` or a day `2024-06-30`.
    quote: an exact piece of the text, at most 60 characters.  per: a rule's base or frequency (每周, 每个街道).
    unsure: why a person should look at this reading, empty when the grammar is certain.  why: what the kind rests on.
    """

    kind: Kind
    indicator: str
    comparator: Comparator
    value: Number
    unit: str
    quote: str
    upper: Number | None = None
    due: str | None = None
    per: str = ""
    unsure: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The published fields, and `per`, `unsure` and `why` where they say something."""
        shape: dict[str, Any] = {
            "kind": self.kind,
            "indicator": self.indicator,
            "comparator": self.comparator,
            "value": self.value,
            "upper": self.upper,
            "unit": self.unit,
            "due": self.due,
            "quote": self.quote,
        }
        said = {"per": self.per, "unsure": self.unsure, "why": self.why}
        return shape | {key: text for key, text in said.items() if text}


@dataclass(frozen=True)
class Units:
    """Who answers for a clause: lead and support, or `responsible` where the text does not tell them apart."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lead or self.support or self.responsible)

    def __add__(self, other: "Units") -> "Units":
        return Units(
            _union(self.lead, other.lead),
            _union(self.support, other.support),
            _union(self.responsible, other.responsible),
        )


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))


@dataclass(frozen=True)
class Clause:
    """One numbered (or unnumbered lead) part of a document.

    id: the numbering down to it (`二(一)1`).  path: the headings above it, its own last.
    text: the clause's own words without its sub-clauses.
    """

    id: str
    path: tuple[str, ...]
    heading: str
    text: str
    units: Units = Units()
    targets: tuple[Target, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The published shape of a clause."""
        return {
            "id": self.id,
            "path": list(self.path),
            "heading": self.heading,
            "text": self.text,
            "lead": list(self.units.lead),
            "support": list(self.units.support),
            "responsible": list(self.units.responsible),
            "targets": [target.as_json() for target in self.targets],
        }


@dataclass(frozen=True)
class Document:
    """One policy document of a file.  number: 文号; issued_on: ISO day; each null where the file does not say.

    notes: what could not be read (a table without a header), for the person.
    """

    title: str
    number: str | None
    issuer: str | None
    issued_on: str | None
    clauses: tuple[Clause, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every target of the document in reading order."""
        return tuple(target for clause in self.clauses for target in clause.targets)

    def as_json(self) -> dict[str, Any]:
        """The published shape of a document."""
        shape: dict[str, Any] = {
            "title": self.title,
            "number": self.number,
            "issuer": self.issuer,
            "issued_on": self.issued_on,
            "clauses": [clause.as_json() for clause in self.clauses],
        }
        return shape | ({"notes": list(self.notes)} if self.notes else {})


@dataclass(frozen=True)
class Reading:
    """All documents of one file."""

    documents: tuple[Document, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"documents": […]}`."""
        return {"documents": [document.as_json() for document in self.documents]}
