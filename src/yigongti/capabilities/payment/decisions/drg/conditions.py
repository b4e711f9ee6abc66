"""The conditions a DRG scheme is written in: a small language over one discharge.

A condition in a scheme file is true, false or an object with one key; `parse_condition` turns it into one of the
frozen classes below and refuses what the language does not have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from yigongti.kernel.errors import Refusal

Codes = str | tuple[str, ...]
"""A list's name, or the codes themselves."""

Role = Literal[
    "principal_dx", "any_dx", "other_dx", "main_procedure", "any_procedure", "other_procedure",
    "sex", "department", "discharge_way",
]  # fmt: skip
Number = Literal["age_years", "age_days", "birth_weight_g", "days_in_hospital"]
Symbol = Literal["<", "<=", "==", "!=", ">=", ">"]
Level = Literal["mcc", "cc"]

DX_ROLES: tuple[Role, ...] = ("principal_dx", "any_dx", "other_dx")
PROCEDURE_ROLES: tuple[Role, ...] = ("main_procedure", "any_procedure", "other_procedure")
TEXT_ROLES: tuple[Role, ...] = ("sex", "department", "discharge_way")
NUMBERS: tuple[Number, ...] = ("age_years", "age_days", "birth_weight_g", "days_in_hospital")
SYMBOLS: tuple[Symbol, ...] = ("<", "<=", "==", "!=", ">=", ">")


@dataclass(frozen=True)
class Always:
    """True, or false, of every case."""

    holds: bool


@dataclass(frozen=True)
class All:
    """Every part holds (none: true)."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds (none: false)."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True)
class Member:
    """A value of the case in this role is in the list (a name missing from the scheme's lists: an empty list)."""

    role: Role
    codes: Codes


@dataclass(frozen=True)
class AtLeast:
    """The diagnoses, or the procedures, hit at least `least` of the (distinct) lists."""

    role: Literal["any_dx", "any_procedure"]
    least: int
    lists: tuple[Codes, ...]


@dataclass(frozen=True)
class Procedures:
    """The case has procedures (present) or none at all."""

    present: bool


@dataclass(frozen=True)
class Compare:
    """A number of the case against a constant; false where the case has no value (a birth weight of 0 is none)."""

    column: Number
    symbol: Symbol
    number: float


@dataclass(frozen=True)
class Has:
    """Some other diagnosis is in the table of severe (mcc) or ordinary (cc) complications and is not excluded."""

    level: Level


Condition = Always | All | AnyOf | Not | Member | AtLeast | Procedures | Compare | Has


def parse_condition(raw: Any, *, where: str) -> Condition:
    """The condition a scheme file gives, or a Refusal that says where it is not one."""
    if isinstance(raw, bool):
        return Always(raw)
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise _not_a_condition(raw, where)
    ((key, value),) = raw.items()
    parse = _PARSERS.get(key)
    if parse is None:
        raise Refusal(f"不认识的条件“{key}”", where, "分组方案的条件只有约定的几种", f"可用:{'、'.join(_PARSERS)}")
    return parse(key, value, where)


def _not_a_condition(raw: Any, where: str) -> Refusal:
    return Refusal(f"不是条件:{raw!r:.80}", where, "条件是 true、false 或只有一个键的对象", "改正方案文件")


def _parts(key: str, value: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(value, list):
        raise _not_a_condition({key: value}, where)
    return tuple(parse_condition(part, where=f"{where}.{key}[{i}]") for i, part in enumerate(value))


def _codes(value: Any, where: str) -> Codes:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(code, str | int) for code in value):
        return tuple(str(code) for code in value)
    raise Refusal(f"不是列表名或编码列表:{value!r:.80}", where, remedy="写列表名,或直接写编码列表")


def _member(key: str, value: Any, where: str) -> Condition:
    role: Role = key.removesuffix("_in")  # type: ignore[assignment]  # the keys of _PARSERS are the roles
    return Member(role, _codes(value, where))


def _text(key: str, value: Any, where: str) -> Condition:
    role: Role = key.removesuffix("_in")  # type: ignore[assignment]  # the keys of _PARSERS are the roles
    values = value if isinstance(value, list) else [value]
    codes = _codes(values, where)
    if role == "sex" and not set(codes) <= {"male", "female"}:
        raise Refusal(f"性别“{value}”不认识", where, remedy="写 male 或 female")
    return Member(role, codes)


def _at_least(key: str, value: Any, where: str) -> Condition:
    match value:
        case [int(least), list(lists)]:
            role: Literal["any_dx", "any_procedure"] = "any_dx" if key.startswith("any_dx") else "any_procedure"
            return AtLeast(role, least, tuple(dict.fromkeys(_codes(codes, where) for codes in lists)))
    raise _not_a_condition({key: value}, where)


def _procedures(key: str, value: Any, where: str) -> Condition:
    if not isinstance(value, bool):
        raise _not_a_condition({key: value}, where)
    return Procedures(present=not value)


def _compare(key: str, value: Any, where: str) -> Condition:
    match value:
        case [str(symbol), int(number) | float(number)] if symbol in SYMBOLS and not isinstance(number, bool):
            return Compare(key, symbol, float(number))  # type: ignore[arg-type]  # the keys of _PARSERS are the columns
    raise Refusal(f"不是比较:{key} {value!r}", where, remedy=f'写 ["运算符", 数],运算符用 {" ".join(SYMBOLS)}')


def _has(key: str, value: Any, where: str) -> Condition:
    if value not in ("mcc", "cc"):
        raise Refusal(f"并发症等级“{value}”不认识", where, remedy="写 mcc 或 cc")
    return Has(value)


_PARSERS: dict[str, Callable[[str, Any, str], Condition]] = {
    "all": lambda key, value, where: All(_parts(key, value, where)),
    "any": lambda key, value, where: AnyOf(_parts(key, value, where)),
    "not": lambda key, value, where: Not(parse_condition(value, where=f"{where}.not")),
    **{f"{role}_in": _member for role in DX_ROLES + PROCEDURE_ROLES},
    "any_dx_in_at_least": _at_least,
    "any_procedure_in_at_least": _at_least,
    "no_procedure": _procedures,
    **dict.fromkeys(NUMBERS, _compare),
    "sex": _text,
    "department": _text,
    "discharge_way_in": _text,
    "has": _has,
}


def atoms(condition: Condition) -> Iterator[Condition]:
    """Every part of a condition that is not made of others."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case _:
            yield condition
