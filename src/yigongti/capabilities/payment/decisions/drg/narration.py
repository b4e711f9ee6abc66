"""Says of one case whether a condition holds, and why, in words a coder reads.

A second reading of the conditions, one case at a time; tests hold it to the same answers as the compiled one.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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
        self._sets: dict[Codes, frozenset[str]] = {}

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
            case AtLeast(least, lists):
                return self._at_least(least, lists, case)
            case Procedures(present):
                has = any(case.procedures)
                return Said(has == present, "有手术操作" if has else "没有手术操作")
            case Compare():
                return _compared(condition, case)
            case Has(level):
                return self._has(level, case)

    def complications(self, case: Case) -> tuple[Complication, ...]:
        """Every other diagnosis in the complication tables, counted or void."""
        levels: tuple[Level, ...] = ("mcc", "cc")
        found = [(code, level, self._entry(level, code)) for level in levels for code in case.dx[1:] if code]
        voided = self._entry("exclusion_of_principal", case.principal)
        return tuple(
            _complication(code, level, entry, voided, case) for code, level, entry in found if entry is not None
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
        hits = [code for code in values if self._in(code, codes)]
        where = "、".join(codes) if role in TEXT_ROLES else f"列表 {codes}" if isinstance(codes, str) else "指定编码"
        shown = hits or values
        return Said(bool(hits), f"{ROLE_LABELS[role]} {'、'.join(shown)} {'属于' if hits else '不属于'}{where}")

    def _at_least(self, least: int, lists: Sequence[Codes], case: Case) -> Said:
        hits = [codes for codes in lists if any(self._in(code, codes) for code in case.dx if code)]
        names = "、".join(str(codes) for codes in hits) or "无"
        return Said(len(hits) >= least, f"诊断命中 {len(hits)} 个列表({names}),要求至少 {least} 个")

    def _has(self, level: Level, case: Case) -> Said:
        found = [one for one in self.complications(case) if one.level == level]
        counted = [one for one in found if one.counted]
        name = "严重并发症 MCC" if level == "mcc" else "并发症 CC"
        if counted:
            return Said(True, f"有{name}:{'、'.join(one.code for one in counted)}")
        void = f"({'、'.join(one.code for one in found)} 被主要诊断排除)" if found else ""
        return Said(False, f"没有{name}{void}")

    def _in(self, code: str, codes: Codes) -> bool:
        if codes not in self._sets:
            self._sets[codes] = frozenset(self.scheme.lists.get(codes, ()) if isinstance(codes, str) else codes)
        prefixes = self.scheme.prefixes.lists.get(codes, ()) if isinstance(codes, str) else ()
        return code in self._sets[codes] or code.startswith(prefixes)

    def _entry(self, table: str, code: str) -> str | None:
        if code in self.scheme.tables[table]:
            return self.scheme.tables[table][code]
        by_prefix = self.scheme.prefixes.tables.get(table, {})
        longest = max((prefix for prefix in by_prefix if code.startswith(prefix)), key=len, default=None)
        return None if longest is None else by_prefix[longest]

    @cached_property
    def known_codes(self) -> frozenset[str]:
        """Every code the scheme names anywhere."""
        return frozenset().union(*self.scheme.lists.values(), *self.scheme.tables.values())

    def unknown(self, case: Case) -> tuple[str, ...]:
        """The codes of a case that the scheme names nowhere: they play no part in its group."""
        prefixes = tuple(prefix for group in self.scheme.prefixes.lists.values() for prefix in group)
        prefixes += tuple(prefix for group in self.scheme.prefixes.tables.values() for prefix in group)
        codes = [code for code in (*case.dx, *case.procedures) if code and code not in self.known_codes]
        return tuple(code for code in codes if not code.startswith(prefixes))


def _complication(code: str, level: Level, exclusion: str, voided: str | None, case: Case) -> Complication:
    name = level.upper()
    if exclusion == voided:
        text = f"其他诊断 {code} 是 {name},但主要诊断 {case.principal} 在其排除表 {exclusion} 中,不计"
    else:
        text = f"其他诊断 {code} 是 {name}(排除表 {exclusion}),计入"
    return Complication(code, level, exclusion, exclusion != voided, text)


def _compared(condition: Compare, case: Case) -> Said:
    label, value = NUMBER_LABELS[condition.column], case.number(condition.column)
    if value is None:
        return Said(False, f"{label}缺失,按不成立处理")
    holds = bool(COMPARE[condition.symbol](value, condition.number))
    return Said(holds, f"{label} {value:g} {'满足' if holds else '不满足'} {condition.symbol} {condition.number:g}")
