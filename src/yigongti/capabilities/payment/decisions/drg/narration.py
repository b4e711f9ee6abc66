"""Says of one case whether a condition holds, and why, in words a coder reads.

A second reading of the conditions, one case at a time; tests hold it to the same answers as the compiled one.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
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
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme

ROLE_LABELS: Mapping[Role, str] = {
    "principal_dx": "主要诊断", "any_dx": "诊断", "other_dx": "其他诊断",
    "main_procedure": "主要手术", "any_procedure": "手术", "other_procedure": "其他手术",
    "sex": "性别", "department": "科室", "discharge_way": "离院方式",
}  # fmt: skip
NUMBER_LABELS = {
    "age_years": "年龄(岁)", "age_days": "日龄(天)", "birth_weight_g": "出生体重(克)", "days_in_hospital": "住院天数",
}  # fmt: skip
NOWHERE = CodeList()
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
    """Reads the conditions of one scheme aloud."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def say(self, condition: Condition, case: Case) -> Said:
        """Whether the condition holds of the case, and why."""
        match condition:
            case Always(holds):
                return Said(holds, "无条件" if holds else "从不")
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
                return Said(has == present, "有手术操作" if has else "没有手术操作")
            case Compare():
                return _compared(condition, case)
            case Has(level):
                return self._has(level, case)

    def complications(self, case: Case) -> tuple[Complication, ...]:
        """Every other diagnosis in the complication tables, counted or void."""
        tables: Mapping[Level, CodeTable[str]] = {"mcc": self.scheme.mcc, "cc": self.scheme.cc}
        found = [(code, level, table.get(code)) for level, table in tables.items() for code in case.dx[1:] if code]
        voided = self.scheme.exclusions.get(case.principal) or ()
        return tuple(
            _complication(code, level, exclusion, voided, case)
            for code, level, exclusion in found
            if exclusion is not None
        )

    def _all(self, parts: Sequence[Condition], case: Case) -> Said:
        said = [self.say(part, case) for part in parts]
        failed = [one for one in said if not one.holds]
        return Said(not failed, failed[0].text if failed else ",且".join(one.text for one in said))

    def _any(self, parts: Sequence[Condition], case: Case) -> Said:
        said = [self.say(part, case) for part in parts]
        held = [one for one in said if one.holds]
        return Said(bool(held), held[0].text if held else ",".join(one.text for one in said))

    def _member(self, role: Role, codes: Codes, case: Case) -> Said:
        values = case.codes(role)
        if not values:
            return Said(False, f"没有{ROLE_LABELS[role]}")
        hits = [code for code in values if code in self._list(codes)]
        where = "、".join(codes) if role in TEXT_ROLES else f"列表 {codes}" if isinstance(codes, str) else "指定编码"
        shown = hits or values
        return Said(bool(hits), f"{ROLE_LABELS[role]} {'、'.join(shown)} {'属于' if hits else '不属于'}{where}")

    def _at_least(self, condition: AtLeast, case: Case) -> Said:
        values = case.codes(condition.role)
        hits = [codes for codes in condition.lists if any(code in self._list(codes) for code in values)]
        names = "、".join(codes if isinstance(codes, str) else "、".join(codes) for codes in hits) or "无"
        label, least = ROLE_LABELS[condition.role], condition.least
        return Said(len(hits) >= least, f"{label}命中 {len(hits)} 项({names}),要求至少 {least} 项")

    def _has(self, level: Level, case: Case) -> Said:
        found = [one for one in self.complications(case) if one.level == level]
        counted = [one for one in found if one.counted]
        name = "严重并发症 MCC" if level == "mcc" else "并发症 CC"
        if counted:
            return Said(True, f"有{name}:{'、'.join(one.code for one in counted)}")
        void = f"({'、'.join(one.code for one in found)} 被主要诊断排除)" if found else ""
        return Said(False, f"没有{name}{void}")

    def _list(self, codes: Codes) -> CodeList:
        return self.scheme.lists.get(codes, NOWHERE) if isinstance(codes, str) else CodeList(frozenset(codes))

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


def _complication(code: str, level: Level, exclusion: str, voided: tuple[str, ...], case: Case) -> Complication:
    name = level.upper()
    counted = exclusion not in voided
    if not counted:
        text = f"其他诊断 {code} 是 {name},但主要诊断 {case.principal} 在其排除表 {exclusion} 中,不计"
    else:
        text = f"其他诊断 {code} 是 {name}(排除表 {exclusion}),计入"
    return Complication(code, level, exclusion, counted, text)


def _compared(condition: Compare, case: Case) -> Said:
    label, value = NUMBER_LABELS[condition.column], case.number(condition.column)
    if value is None:
        return Said(False, f"{label}缺失,按不成立处理")
    holds = bool(COMPARE[condition.symbol](value, condition.number))
    return Said(holds, f"{label} {value:g} {'满足' if holds else '不满足'} {condition.symbol} {condition.number:g}")
