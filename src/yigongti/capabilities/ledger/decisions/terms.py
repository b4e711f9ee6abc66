"""A target's number in the terms of rules and indicators: kind, unit and value (35 % → ratio 0.35)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators.declaration import Better

Sign = Literal[">=", "<=", ">", "<", "=", "~"]

_SCALED = {"%": Decimal("0.01"), "％": Decimal("0.01"), "‰": Decimal("0.001")}
_PLAIN = {
    "百分点": "percentage_point", "个百分点": "percentage_point", "名/10万": "person_per_100k",
    "人/10万": "person_per_100k", "名/万": "person_per_10k", "人/万": "person_per_10k", "1:n": "patient_per_worker",
    "级": "grade", "强": "rank", "名次": "rank", "家": "institution", "所": "institution", "人": "person",
    "名": "person", "位": "person", "人次": "times", "次": "times", "项": "item", "例": "case", "岁": "age",
    "分": "point", "支": "team", "个": "place", "处": "place", "张": "item", "万人": "person", "万人次": "times",
    "公里": "kilometre",
}  # fmt: skip
_PER = {
    ("person", "每千"): "person_per_1000", ("person", "每万"): "person_per_10k",
    ("person", "每百张"): "person_per_100_beds", ("person", "每十万"): "person_per_100k",
    ("person", "每10万"): "person_per_100k", ("item", "每千"): "beds_per_1000", ("times", "每年"): "times_per_year",
    ("times", "每周"): "times_per_week", ("person", "每年"): "person_per_year",
}  # fmt: skip
_MONEY = {"元": ("yuan", Decimal(1)), "万元": ("wan_yuan", Decimal(1)), "亿元": ("wan_yuan", Decimal(10_000))}
_SPANS = {
    "个月": "month", "月": "month", "年": "year", "天": "day", "日": "day", "个工作日": "day", "小时": "hour",
    "分钟": "minute", "周": "week",
}  # fmt: skip
_TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True)
class Terms:
    """kind and unit as in `kernel.rules.units`; value and upper exact, in that unit."""

    kind: Literal["ratio", "number", "money", "duration"]
    unit: str
    value: Decimal
    upper: Decimal | None = None


def terms_of(value: float, unit: str, *, upper: float | None = None, per: str = "", phrase: str = "") -> Terms:
    """A target's value, unit and base (每千人口, in `per` or the phrase) in the terms of rules.

    Raises Refusal for a unit that rules do not have.
    """
    low, high = Decimal(str(value)), None if upper is None else Decimal(str(upper))
    if unit in _SCALED:
        return _times(_SCALED[unit], Terms("ratio", "ratio", low, high))
    if unit in _MONEY:
        name, factor = _MONEY[unit]
        return _times(factor, Terms("money", name, low, high))
    if unit in _SPANS:
        return Terms("duration", _SPANS[unit], low, high)
    if unit not in _PLAIN:
        raise Refusal(
            f"单位“{unit}”不在规则的单位清单里",
            why="规则只用封闭清单里的单位,不同写法不能混算",
            remedy="请在核对页把单位改为清单里的写法,或手工编写规则文件",
        )
    found = Terms("number", _based(_PLAIN[unit], per, phrase), low, high)
    return _times(_TEN_THOUSAND, found) if unit.startswith("万") else found


def direction(sign: Sign, *, better: Better, unit: str) -> Better:
    """Which way a target points.  A ratio of one to n, and a plain count, point as their indicator does."""
    if unit == "1:n" or sign == "=":
        return better
    if sign == "~":
        return "within" if better == "within" else better
    return "higher" if sign in (">", ">=") else "lower"


def _based(unit: str, per: str, phrase: str) -> str:
    for (counted, base), found in _PER.items():
        if counted == unit and (per.startswith(base) or base in phrase):
            return found
    return unit


def _times(factor: Decimal, terms: Terms) -> Terms:
    upper = None if terms.upper is None else terms.upper * factor
    return Terms(terms.kind, terms.unit, terms.value * factor, upper)
