"""A scheme compiled: codes numbered, lists as bit sets, conditions as functions over columns, outcomes numbered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.codes import CodeList, CodeTable
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
from yigongti.capabilities.payment.decisions.drg.evaluators import (
    Evaluator,
    all_of,
    always,
    any_of,
    at_least,
    bits_in,
    compared,
    has_procedures,
    none_of,
    number_in,
)
from yigongti.capabilities.payment.decisions.drg.scheme import UNGROUPED, Adrg, Ending, Mdc, Scheme
from yigongti.capabilities.payment.decisions.drg.view import CC, MCC
from yigongti.capabilities.payment.decisions.drg.vocabulary import BitSets, Flags, Vocabulary

SEXES = frozenset({"male", "female"})
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
    """A core group, or an ending: its condition and, of the cases that meet it, who gets which outcome."""

    when: Evaluator
    choices: tuple[Choice, ...]


class CompiledMdc(NamedTuple):
    """A major category: the condition to enter it, its steps, and whether any asks for the birth weight."""

    code: str
    when: Evaluator
    steps: tuple[Step, ...]
    weighs: bool


@dataclass(frozen=True)
class Complications:
    """mcc, cc: diagnosis number → exclusion list number (0: no complication); principals: diagnosis number → number
    of the set of exclusion lists it voids; voids[exclusion list, set]: the complication does not count."""

    mcc: NDArray[np.int32]
    cc: NDArray[np.int32]
    principals: NDArray[np.int32]
    voids: Flags

    @classmethod
    def of(cls, scheme: Scheme, vocabulary: Vocabulary) -> "Complications":
        """The tables of a scheme, numbered."""
        lists = _numbering(scheme.mcc, scheme.cc)
        sets = _numbering(scheme.exclusions)
        voids = np.zeros((len(lists) + 1, len(sets) + 1), bool)
        voids[0] = True
        for voided, number in sets.items():
            voids[[lists[each] for each in voided if each in lists], number] = True
        return cls(
            vocabulary.numbers(scheme.mcc, lists),
            vocabulary.numbers(scheme.cc, lists),
            vocabulary.numbers(scheme.exclusions, sets),
            voids,
        )


@dataclass(frozen=True)
class Compiled:
    """A scheme ready to run; outcomes: outcome number → what is written; needs: the optional columns asked for."""

    dx: CodeColumn
    procedures: CodeColumn
    text: Mapping[Role, Vocabulary]
    complications: Complications
    mdcs: tuple[CompiledMdc, ...]
    outcomes: tuple[Outcome, ...]
    needs: frozenset[str]
    retry_other_procedures: bool

    @cached_property
    def written(self) -> tuple[pa.Array, ...]:
        """The fields of all outcomes as Arrow columns (mdc, adrg, drg, status), to be taken by outcome number."""
        return tuple(pa.array(field, pa.string()) for field in zip(*self.outcomes, strict=True))


def compiled(scheme: Scheme) -> Compiled:
    """The form the engine runs, made on first use: about a tenth of a second for a national edition."""
    return scheme.derived(_compile)


def _compile(scheme: Scheme) -> Compiled:
    return _Compiler(scheme).compiled()


class _Compiler:
    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.atoms = {atom for condition in scheme.conditions() for atom in atoms(condition)}
        self.dx = self._code_column(DX_ROLES, tables=(scheme.mcc, scheme.cc, scheme.exclusions))
        self.procedures = self._code_column(PROCEDURE_ROLES, tables=())
        self.text = {role: self._text_vocabulary(role) for role in TEXT_ROLES}
        self.outcomes = [Outcome(None, None, UNGROUPED, "ungrouped")]

    def compiled(self) -> Compiled:
        complications = Complications.of(self.scheme, self.dx.vocabulary)
        mdcs = tuple(self._mdc(mdc) for mdc in self.scheme.mdcs)
        return Compiled(
            self.dx, self.procedures, self.text, complications, mdcs, tuple(self.outcomes),
            self._needs(), self.scheme.retry_other_procedures,
        )  # fmt: skip

    def _needs(self) -> frozenset[str]:
        text = {atom.role for atom in self.atoms if isinstance(atom, Member) and atom.role in TEXT_ROLES}
        return frozenset(text | {atom.column for atom in self.atoms if isinstance(atom, Compare)})

    def _code_column(self, roles: Iterable[Role], *, tables: Iterable[CodeTable[Any]]) -> CodeColumn:
        asked = [atom for atom in self.atoms if isinstance(atom, Member) and atom.role in roles]
        counted = [atom for atom in self.atoms if isinstance(atom, AtLeast) and atom.role in roles]
        of_many = {atom.codes for atom in asked if atom.role.startswith(("any_", "other_"))}
        of_many |= {codes for atom in counted for codes in atom.lists}
        lists = {key: self.scheme.codes_of(key) for key in sorted({atom.codes for atom in asked} | of_many, key=str)}
        vocabulary = Vocabulary(
            frozenset().union(*(each.codes for each in lists.values()), *(table.by_code for table in tables)),
            frozenset().union(*(each.prefixes for each in lists.values()), *(table.by_prefix for table in tables)),
        )
        members = {key: vocabulary.members(each) for key, each in lists.items()}
        return CodeColumn(
            vocabulary, members, BitSets(vocabulary, {key: members[key] for key in lists if key in of_many})
        )

    def _text_vocabulary(self, role: Role) -> Vocabulary:
        asked = (atom.codes for atom in self.atoms if isinstance(atom, Member) and atom.role == role)
        return Vocabulary((SEXES if role == "sex" else frozenset()).union(*asked))

    def _mdc(self, mdc: Mdc) -> CompiledMdc:
        asked = (atom for condition in mdc.conditions() for atom in atoms(condition))
        weighs = any(isinstance(atom, Compare) and atom.column == "birth_weight_g" for atom in asked)
        steps = tuple(self._step(mdc.code, step) for step in mdc.steps)
        return CompiledMdc(mdc.code, self.evaluator(mdc.when), steps, weighs)

    def _step(self, mdc: str, step: Adrg | Ending) -> Step:
        if isinstance(step, Ending):
            outcome = Outcome(mdc, None, step.code, step.status)
            return Step(self.evaluator(step.when), (self._choice(Always(True), outcome),))
        choices = [self._choice(drg.when, Outcome(mdc, step.code, drg.code, "grouped")) for drg in step.drgs]
        if step.otherwise is not None:
            choices.append(self._choice(Always(True), Outcome(mdc, step.code, step.otherwise, "grouped")))
        return Step(self.evaluator(step.when), tuple(choices))

    def _choice(self, when: Condition, outcome: Outcome) -> Choice:
        self.outcomes.append(outcome)
        return Choice(self.evaluator(when), len(self.outcomes) - 1)

    def evaluator(self, condition: Condition) -> Evaluator:
        """The condition as a function from some cases to one flag a case."""
        match condition:
            case Always(holds):
                return always(holds)
            case All(parts):
                return all_of([self.evaluator(part) for part in parts])
            case AnyOf(parts):
                return any_of([self.evaluator(part) for part in parts])
            case Not(part):
                return none_of(self.evaluator(part))
            case Compare(column, symbol, number):
                return compared(column, symbol, number)
            case Has(level):
                return bits_in("complications", np.uint8(MCC if level == "mcc" else CC))
            case Procedures(present):
                return has_procedures(present)
            case AtLeast(role, least, lists):
                return at_least(least, role=role, masks=self._column(role).bits.masks(lists))
            case Member():
                return self._membership(condition)

    def _membership(self, member: Member) -> Evaluator:
        role = member.role
        if role in TEXT_ROLES:
            return number_in(role, self.text[role].members(CodeList(frozenset(member.codes))))
        column = self._column(role)
        if role in ("principal_dx", "main_procedure"):
            return number_in(role, column.members[member.codes])
        ((word, mask),) = column.bits.masks([member.codes]).items()
        return bits_in(f"{role}.{word}", mask)

    def _column(self, role: Role) -> CodeColumn:
        return self.dx if role in DX_ROLES else self.procedures


def _numbering(*tables: CodeTable[Any]) -> dict[Any, int]:
    """Every value of the tables → its number from 1, in a fixed order."""
    values = {value for table in tables for by in (table.by_code, table.by_prefix) for value in by.values()}
    return {value: number for number, value in enumerate(sorted(values), start=1)}
