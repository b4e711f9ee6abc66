"""A scheme compiled: codes numbered, lists as bit sets, conditions as functions over columns, outcomes numbered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.conditions import (
    DX_ROLES,
    PROCEDURE_ROLES,
    TEXT_ROLES,
    All,
    Always,
    AnyOf,
    AtLeast,
    Codes,
    Compare,
    Condition,
    Has,
    Member,
    Not,
    Procedures,
    Role,
    atoms,
)
from yigongti.capabilities.payment.decisions.drg.scheme import UNGROUPED, Adrg, Ambiguous, Scheme
from yigongti.capabilities.payment.decisions.drg.view import CC, MCC, View
from yigongti.capabilities.payment.decisions.drg.vocabulary import BitSets, Flags, Vocabulary

Mask = Flags
Evaluator = Callable[[View], Mask]
SEXES = ("male", "female")
NO_OUTCOME = 0


class Outcome(NamedTuple):
    """What a case can come to: a row of the result, but for the case's own reason."""

    mdc: str | None
    adrg: str | None
    drg: str
    status: str


@dataclass(frozen=True)
class CodeColumn:
    """Diagnoses or procedures: their numbers, every list as flags, and the lists asked of many codes as bits."""

    vocabulary: Vocabulary
    members: Mapping[Codes, Flags]
    bits: BitSets


class Choice(NamedTuple):
    """A condition and the outcome of the cases that are the first to meet it."""

    when: Evaluator
    outcome: int


class Step(NamedTuple):
    """A core group or an ambiguous group: its condition and, of the cases that meet it, who gets which outcome."""

    when: Evaluator
    choices: tuple[Choice, ...]


class CompiledMdc(NamedTuple):
    """A major category: the condition to enter it, and its steps."""

    code: str
    when: Evaluator
    steps: tuple[Step, ...]
    weighs: bool


@dataclass(frozen=True)
class Compiled:
    """needs: the optional columns some condition asks for; mcc, cc, exclusion_of_principal: diagnosis number →
    exclusion list number (0: none); outcomes: outcome number → what is written."""

    dx: CodeColumn
    procedures: CodeColumn
    text: Mapping[Role, Vocabulary]
    mcc: NDArray[np.int32]
    cc: NDArray[np.int32]
    exclusion_of_principal: NDArray[np.int32]
    mdcs: tuple[CompiledMdc, ...]
    outcomes: tuple[Outcome, ...]
    needs: frozenset[str]
    retry_other_procedures: bool

    @classmethod
    def of(cls, scheme: Scheme) -> "Compiled":
        """Compile a scheme: about a tenth of a second for a national edition."""
        return _Compiler(scheme).compiled()

    @cached_property
    def written(self) -> tuple[pa.Array, ...]:
        """The fields of all outcomes as Arrow columns (mdc, adrg, drg, status), to be taken by outcome number."""
        return tuple(pa.array(field, pa.string()) for field in zip(*self.outcomes, strict=True))


class _Compiler:
    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.atoms = {atom for condition in scheme.conditions() for atom in atoms(condition)}
        self.dx = self._code_column(DX_ROLES, tables=scheme.tables)
        self.procedures = self._code_column(PROCEDURE_ROLES, tables={})
        self.text = {role: self._text_vocabulary(role) for role in TEXT_ROLES}
        self.outcomes = [Outcome(None, None, UNGROUPED, "ungrouped")]

    def compiled(self) -> Compiled:
        numbers = self._exclusion_numbers()
        mcc, cc, voided = (self._table(name, numbers) for name in ("mcc", "cc", "exclusion_of_principal"))
        mdcs = tuple(self._mdc(mdc.code, mdc.when, mdc.steps) for mdc in self.scheme.mdcs)
        return Compiled(
            self.dx, self.procedures, self.text, mcc, cc, voided, mdcs, tuple(self.outcomes),
            self._needs(), self.scheme.retry_other_procedures,
        )  # fmt: skip

    def _needs(self) -> frozenset[str]:
        text = {atom.role for atom in self.atoms if isinstance(atom, Member) and atom.role in TEXT_ROLES}
        return frozenset(text | {atom.column for atom in self.atoms if isinstance(atom, Compare)})

    def _code_column(self, roles: Iterable[Role], *, tables: Mapping[str, Mapping[str, str]]) -> CodeColumn:
        asked = {atom for atom in self.atoms if isinstance(atom, Member) and atom.role in roles}
        of_many = {atom.codes for atom in asked if atom.role.startswith(("any_", "other_"))}
        if "any_dx" in roles:
            of_many |= {codes for atom in self.atoms if isinstance(atom, AtLeast) for codes in atom.lists}
        keys = sorted({atom.codes for atom in asked} | of_many, key=str)
        codes = {code for key in keys for code in self._codes(key)}.union(*tables.values())
        prefixes = {prefix for key in keys for prefix in self._prefixes(key)}
        prefixes = prefixes.union(*(self.scheme.prefixes.tables.get(table, ()) for table in tables))
        vocabulary = Vocabulary(codes, prefixes)
        members = {key: vocabulary.members(self._codes(key), self._prefixes(key)) for key in keys}
        bits = BitSets(vocabulary, {key: members[key] for key in keys if key in of_many})
        return CodeColumn(vocabulary, members, bits)

    def _codes(self, key: Codes) -> tuple[str, ...]:
        return self.scheme.lists.get(key, ()) if isinstance(key, str) else key

    def _prefixes(self, key: Codes) -> tuple[str, ...]:
        return self.scheme.prefixes.lists.get(key, ()) if isinstance(key, str) else ()

    def _text_vocabulary(self, role: Role) -> Vocabulary:
        values = {
            value for atom in self.atoms if isinstance(atom, Member) and atom.role == role for value in atom.codes
        }
        return Vocabulary(values | set(SEXES) if role == "sex" else values)

    def _exclusion_numbers(self) -> dict[str, int]:
        tables = [*self.scheme.tables.values(), *self.scheme.prefixes.tables.values()]
        return {name: i for i, name in enumerate(sorted({x for table in tables for x in table.values()}), start=1)}

    def _table(self, name: str, numbers: Mapping[str, int]) -> NDArray[np.int32]:
        exact, by_prefix = self.scheme.tables[name], self.scheme.prefixes.tables.get(name, {})
        return self.dx.vocabulary.numbers(
            {code: numbers[exclusion] for code, exclusion in exact.items()},
            {prefix: numbers[exclusion] for prefix, exclusion in by_prefix.items()},
        )

    def _mdc(self, code: str, when: Condition, steps: Iterable[Adrg | Ambiguous]) -> CompiledMdc:
        weighs = any(
            isinstance(atom, Compare) and atom.column == "birth_weight_g"
            for step in steps
            for condition in (step.when, *(drg.when for drg in getattr(step, "drgs", ())))
            for atom in atoms(condition)
        )
        return CompiledMdc(code, self.evaluator(when), tuple(self._step(code, step) for step in steps), weighs)

    def _step(self, mdc: str, step: Adrg | Ambiguous) -> Step:
        always = self.evaluator(Always(True))
        if isinstance(step, Ambiguous):
            outcome = self._outcome(Outcome(mdc, None, step.code, "ambiguous"))
            return Step(self.evaluator(step.when), (Choice(always, outcome),))
        choices = [
            Choice(self.evaluator(drg.when), self._outcome(Outcome(mdc, step.code, drg.code, "grouped")))
            for drg in step.drgs
        ]
        if step.otherwise is not None:
            choices.append(Choice(always, self._outcome(Outcome(mdc, step.code, step.otherwise, "grouped"))))
        return Step(self.evaluator(step.when), tuple(choices))

    def _outcome(self, outcome: Outcome) -> int:
        self.outcomes.append(outcome)
        return len(self.outcomes) - 1

    def evaluator(self, condition: Condition) -> Evaluator:
        """The condition as a function from some cases to one flag a case."""
        match condition:
            case Always(holds):
                return _always(holds)
            case All(parts):
                return _all([self.evaluator(part) for part in parts])
            case AnyOf(parts):
                return _any([self.evaluator(part) for part in parts])
            case Not(part):
                inner = self.evaluator(part)
                return lambda view: ~inner(view)
            case Compare(column, symbol, number):
                return _compare(column, symbol, number)
            case Has(level):
                return _bits("complications", np.uint8(MCC if level == "mcc" else CC))
            case Procedures(present):
                return _present(present)
            case AtLeast(least, lists):
                return _at_least(least, self.dx.bits.masks(lists))
            case Member():
                return self._membership(condition)

    def _membership(self, member: Member) -> Evaluator:
        role = member.role
        if role in TEXT_ROLES:
            return _one(role, self.text[role].members(member.codes))
        column = self.dx if role in DX_ROLES else self.procedures
        if role in ("principal_dx", "main_procedure"):
            return _one(role, column.members[member.codes])
        ((word, mask),) = column.bits.masks([member.codes]).items()
        return _bits(f"{role}.{word}", mask)


def _always(holds: bool) -> Evaluator:
    return lambda view: np.full(view.size, holds)


def _all(parts: list[Evaluator]) -> Evaluator:
    first, *rest = parts or [_always(True)]

    def evaluate(view: View) -> Mask:
        mask = first(view)
        for part in rest:
            if not mask.any():
                break
            mask &= part(view)
        return mask

    return evaluate


def _any(parts: list[Evaluator]) -> Evaluator:
    first, *rest = parts or [_always(False)]

    def evaluate(view: View) -> Mask:
        mask = first(view)
        for part in rest:
            mask |= part(view)
        return mask

    return evaluate


def _one(column: str, members: Flags) -> Evaluator:
    return lambda view: members[view[column]]


def _bits(column: str, mask: np.unsignedinteger[Any]) -> Evaluator:
    return lambda view: (view[column] & mask) != 0


def _present(present: bool) -> Evaluator:
    return lambda view: ((view["any_procedure.0"] & np.uint64(1)) != 0) == present


def _at_least(least: int, masks: Mapping[int, np.uint64]) -> Evaluator:
    def evaluate(view: View) -> Mask:
        hits = np.zeros(view.size, np.int64)
        for word, mask in masks.items():
            hits += np.bitwise_count(view[f"any_dx.{word}"] & mask)
        return hits >= least

    return evaluate


_COMPARE = {
    "<": np.less, "<=": np.less_equal, "==": np.equal, ">=": np.greater_equal, ">": np.greater,
}  # fmt: skip


def _compare(column: str, symbol: str, number: float) -> Evaluator:
    if symbol == "!=":
        return lambda view: (view[column] != number) & ~np.isnan(view[column])
    compare = _COMPARE[symbol]
    return lambda view: compare(view[column], number)
