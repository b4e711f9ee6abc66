"""Says of one case whether a condition holds, and why, in words a coder reads.

A second reading of the conditions, one case at a time; tests hold it to the same answers as the compiled one.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from yigongti.capabilities.payment.decisions.drg.codes import CodeList, CodeTable
from yigongti.capabilities.payment.decisions.drg.conditions import (
    TEXT_ROLES,
    All,
    Always,
    AnyOf,
    AtLeast,
    Codes,
    Compare,
    Condition,
    Has,
    Level,
    Member,
    Not,
    Procedures,
    Role,
)
from yigongti.capabilities.payment.decisions.drg.phrases import Language, phrase
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme

COMPARE = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Whether a condition holds of a case, and the sentence."""

    holds: bool
    text: str


@dataclass(frozen=True)
class Complication:
    """An other diagnosis found in the table of severe or ordinary complications: counted, or void and why."""

    code: str
    level: Level
    exclusion: str
    counted: bool
    text: str


@dataclass(frozen=True)
class Case:
    """One discharge as the format names it; codes that are blank stay in their places."""

    id: Any
    dx: tuple[str, ...]
    procedures: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Case":
        """From a row: `id, dx, procedures` and whatever else it has."""
        codes = [tuple(code or "" for code in raw.get(name) or ()) for name in ("dx", "procedures")]
        return cls(raw.get("id"), codes[0], codes[1], raw)

    @property
    def principal(self) -> str:
        return self.dx[0] if self.dx else ""

    def with_only(self, procedure: str) -> "Case":
        """The same case as if it had this procedure alone."""
        return Case(self.id, self.dx, (procedure,), self.values)

    def codes(self, role: Role) -> Sequence[str]:
        """The values the case has in a role."""
        if role in TEXT_ROLES:
            found: Sequence[str] = (str(self.values.get(role) or ""),)
        else:
            every = self.dx if role.endswith("dx") else self.procedures
            found = every[1:] if role.startswith("other") else every if role.startswith("any") else every[:1]
        return [code for code in found if code]

    def number(self, column: str) -> float | None:
        """A number of the case, None where it has none (a birth weight of 0 is none)."""
        value = self.values.get(column)
        return None if value is None or (column == "birth_weight_g" and value == 0) else value


class Narrator:
    """Reads the conditions of one scheme aloud, in a language."""

    def __init__(self, scheme: Scheme, *, language: Language = "zh") -> None:
        self.scheme, self.language = scheme, language
        self.phrase = partial(phrase, language)

    def say(self, condition: Condition, case: Case) -> Said:
        """Whether the condition holds of the case, and why."""
        match condition:
            case Always(holds):
                return Said(holds, self.phrase("always" if holds else "never"))
            case All(parts):
                return self._all(parts, case)
            case AnyOf(parts):
                return self._any(parts, case)
            case Not(part):
                inner = self.say(part, case)
                return Said(not inner.holds, inner.text)
            case Member(role, codes):
                return self._member(role, codes, case)
            case AtLeast():
                return self._at_least(condition, case)
            case Procedures(present):
                has = any(case.procedures)
                return Said(has == present, self.phrase("has_procedures" if has else "no_procedures"))
            case Compare():
                return self._compared(condition, case)
            case Has(level):
                return self._has(level, case)

    def complications(self, case: Case) -> tuple[Complication, ...]:
        """Every other diagnosis in the complication tables, counted or void."""
        tables: Mapping[Level, CodeTable[str]] = {"mcc": self.scheme.mcc, "cc": self.scheme.cc}
        found = [(code, level, table.get(code)) for level, table in tables.items() for code in case.dx[1:] if code]
        voided = self.scheme.exclusions.get(case.principal) or ()
        return tuple(
            self._complication(code, level, exclusion, voided, case)
            for code, level, exclusion in found
            if exclusion is not None
        )

    def _all(self, parts: Sequence[Condition], case: Case) -> Said:
        said = [self.say(part, case) for part in parts]
        failed = [one for one in said if not one.holds]
        return Said(not failed, failed[0].text if failed else self.phrase("and").join(one.text for one in said))

    def _any(self, parts: Sequence[Condition], case: Case) -> Said:
        said = [self.say(part, case) for part in parts]
        held = [one for one in said if one.holds]
        return Said(bool(held), held[0].text if held else self.phrase("or").join(one.text for one in said))

    def _member(self, role: Role, codes: Codes, case: Case) -> Said:
        values, label = case.codes(role), self.phrase(role)
        if not values:
            return Said(False, self.phrase("without", role=label))
        hits = [code for code in values if code in self.scheme.codes_of(codes)]
        shown = self._codes(hits or values)
        where = self._where(role, codes)
        return Said(bool(hits), self.phrase("in" if hits else "not_in", role=label, codes=shown, where=where))

    def _where(self, role: Role, codes: Codes) -> str:
        if role in TEXT_ROLES:
            return self._codes(codes)
        return self.phrase("list", name=codes) if isinstance(codes, str) else self.phrase("given_codes")

    def _codes(self, codes: Iterable[str]) -> str:
        return self.phrase("codes").join(codes)

    def _at_least(self, condition: AtLeast, case: Case) -> Said:
        values, least = case.codes(condition.role), condition.least
        hits = [codes for codes in condition.lists if any(code in self.scheme.codes_of(codes) for code in values)]
        names = self._codes(codes if isinstance(codes, str) else self._codes(codes) for codes in hits)
        told = {"hits": len(hits), "names": names or self.phrase("none"), "least": least}
        return Said(len(hits) >= least, self.phrase("at_least", role=self.phrase(condition.role), **told))

    def _has(self, level: Level, case: Case) -> Said:
        found = [one for one in self.complications(case) if one.level == level]
        counted, kind = [one.code for one in found if one.counted], self.phrase(level)
        if counted:
            return Said(True, self.phrase("has", kind=kind, codes=self._codes(counted)))
        if found:
            return Said(False, self.phrase("has_not_void", kind=kind, codes=self._codes(one.code for one in found)))
        return Said(False, self.phrase("has_not", kind=kind))

    def unknown(self, case: Case) -> tuple[str, ...]:
        """The codes of a case that the scheme names nowhere: they play no part in its group."""
        return tuple(code for code in (*case.dx, *case.procedures) if code and code not in self._known)

    @cached_property
    def _known(self) -> CodeList:
        lists, tables = self.scheme.lists.values(), (self.scheme.mcc, self.scheme.cc, self.scheme.exclusions)
        return CodeList(
            frozenset().union(*(each.codes for each in lists), *(table.by_code for table in tables)),
            tuple(frozenset().union(*(each.prefixes for each in lists), *(table.by_prefix for table in tables))),
        )

    def _complication(
        self, code: str, level: Level, exclusion: str, voided: tuple[str, ...], case: Case
    ) -> Complication:
        counted = exclusion not in voided
        told = {"code": code, "level": level.upper(), "exclusion": exclusion, "principal": case.principal}
        return Complication(code, level, exclusion, counted, self.phrase("counted" if counted else "excluded", **told))

    def _compared(self, condition: Compare, case: Case) -> Said:
        column, value = self.phrase(condition.column), case.number(condition.column)
        if value is None:
            return Said(False, self.phrase("missing", column=column))
        holds = bool(COMPARE[condition.symbol](value, condition.number))
        told = {"column": column, "value": value, "symbol": condition.symbol, "number": condition.number}
        return Said(holds, self.phrase("holds" if holds else "fails", **told))
