"""Early warning: a number against its target, against its own past, and against its peers.

What counts as near, as much and as far are rules.  A comparison with the past or with peers that comes on top of a
missed target is red, alone it is amber; so is a target that is met with little to spare.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

from yigongti.capabilities.measure.decisions.wording import percent, written
from yigongti.kernel.indicators import Indicator, Target, target_of
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

NEAR_TARGET = "measure.warning_near_target"
TREND_CHANGE, TREND_MONTHS = "measure.warning_trend_change", "measure.warning_trend_months"
PEER_DEVIATION, PEER_MINIMUM = "measure.warning_peer_deviation", "measure.warning_peer_minimum"
SMALLEST_DENOMINATOR = "measure.warning_minimum_denominator"
ABOUT = "measure.about_tolerance"
RULES = (
    NEAR_TARGET, TREND_CHANGE, TREND_MONTHS, PEER_DEVIATION, PEER_MINIMUM, SMALLEST_DENOMINATOR, ABOUT,
)  # fmt: skip
"""Ids of the rules that warnings use, besides the targets."""

WHOLE_COUNTY = ("county", "consortium")
"""Levels at which few cases are still all there are; below them, few cases prove nothing."""
MONTHS_A_YEAR = 12
DEVIATIONS_OF_MEDIAN = 1.4826
"""The median absolute deviation of a normal distribution times this is its standard deviation."""

Severity = Literal["red", "amber"]


class KindOfWarning(StrEnum):
    """What a number was compared with."""

    MISSED_TARGET = "missed_target"
    NEAR_TARGET = "near_target"
    WORSE_THAN_LAST_YEAR = "worse_than_last_year"
    WORSENING = "worsening"
    OUT_OF_LINE = "out_of_line"

    @property
    def label(self) -> str:
        return {
            "missed_target": "未达目标",
            "near_target": "接近目标",
            "worse_than_last_year": "不如上年同期",
            "worsening": "连续不利变化",
            "out_of_line": "偏离同类机构",
        }[self]


@dataclass(frozen=True)
class Measured:
    """One number of a run, as warnings look at it.

    level, group: whose it is; period: over which; months: (month, value) oldest first, the last of them the latest;
    peers: what it is compared among (the kind of institution), "" for nothing.
    """

    indicator: Indicator
    level: str
    group: str
    period: Period
    value: float | None
    denominator: float | None = None
    months: Sequence[tuple[str, float | None]] = ()
    peers: str = ""


@dataclass(frozen=True)
class Alert:
    """A number that people should look at: what it was compared with, how bad it is, and by which rule and clause."""

    indicator: str
    level: str
    group: str
    period: Period
    kind: KindOfWarning
    severity: Severity
    value: float
    compared_with: float
    text: str
    rule_id: str
    rule_version: str
    clause: str


@dataclass(frozen=True)
class Finding:
    """A comparison that went badly, before it is told."""

    kind: KindOfWarning
    value: float
    compared_with: float
    text: str
    rule: RuleVersion


def early_warnings(numbers: Iterable[Measured], *, rules: Mapping[str, RuleVersion]) -> list[Alert]:
    """Every warning that numbers call for, in the order of the numbers.

    rules: rule id → version in force at the end of the period (`book.on(day)`); it must have all of RULES, and the
    targets of those indicators that have one in this county.
    """
    every = list(numbers)
    levels = _levels_of_peers(every, rules)
    return [alert for number in every for alert in _of_one(number, levels, rules)]


def _of_one(
    number: Measured, peers: Mapping[tuple[str, str, str], Sequence[float]], rules: Mapping[str, RuleVersion]
) -> Iterator[Alert]:
    if number.value is None or _proves_nothing(number, rules):
        return
    against_target = list(_against_target(number, number.value, rules))
    missed = any(finding.kind is KindOfWarning.MISSED_TARGET for finding in against_target)
    compared = [*_against_last_year(number, rules), *_against_recent_months(number, rules)]
    compared += _against_peers(number, number.value, peers.get(_peer_key(number), ()), rules)
    for finding in (*against_target, *compared):
        yield _told(number, finding, severity="red" if missed else "amber")


def _told(number: Measured, finding: Finding, *, severity: Severity) -> Alert:
    return Alert(
        number.indicator.id,
        number.level,
        number.group,
        number.period,
        finding.kind,
        severity,
        finding.value,
        finding.compared_with,
        finding.text,
        finding.rule.rule_id,
        finding.rule.key,
        finding.rule.source.text,
    )


def _proves_nothing(number: Measured, rules: Mapping[str, RuleVersion]) -> bool:
    if number.level in WHOLE_COUNTY or number.denominator is None:
        return False
    return number.denominator < rules[SMALLEST_DENOMINATOR].number


def _against_target(number: Measured, value: float, rules: Mapping[str, RuleVersion]) -> Iterator[Finding]:
    rule_id, unit = number.indicator.target, number.indicator.unit
    if not rule_id or rule_id not in rules:
        return
    version = rules[rule_id]
    target = target_of(version, better=number.indicator.better, about=rules[ABOUT])
    end = _nearest_end(target, value)
    if not target.contains(value):
        text = f"本期 {written(value, unit)},未达到目标 {target.text}"
        yield Finding(KindOfWarning.MISSED_TARGET, value, end, text, version)
    elif abs(value - end) < abs(end) * rules[NEAR_TARGET].number and not _can_go_no_further(number, value):
        text = f"本期 {written(value, unit)},与目标 {target.text} 相差不到 {percent(rules[NEAR_TARGET].number)}"
        yield Finding(KindOfWarning.NEAR_TARGET, value, end, text, version)


def _nearest_end(target: Target, value: float) -> float:
    ends = [end for end in (target.low, target.high) if end is not None]
    return min(ends, key=lambda end: abs(value - end))


def _can_go_no_further(number: Measured, value: float) -> bool:
    """A share of none or of all cannot have more to spare."""
    return number.indicator.unit == "ratio" and value in (0, 1)


def _against_last_year(number: Measured, rules: Mapping[str, RuleVersion]) -> Iterator[Finding]:
    """The latest months together against the same months of the year before."""
    count, limit = int(rules[TREND_MONTHS].exact), rules[TREND_CHANGE]
    latest, before = _mean(number.months, count, back=0), _mean(number.months, count, back=MONTHS_A_YEAR)
    if latest is None or before is None or before == 0:
        return
    change = _worsened(number.indicator, before, latest)
    if change > limit.number:
        unit = number.indicator.unit
        text = (
            f"近 {count} 个月平均 {written(latest, unit)},较上年同期 {written(before, unit)} 不利变化 {percent(change)}"
        )
        yield Finding(KindOfWarning.WORSE_THAN_LAST_YEAR, latest, before, text, limit)


def _against_recent_months(number: Measured, rules: Mapping[str, RuleVersion]) -> Iterator[Finding]:
    """So many months in a row, each worse than the one before, and together by more than the limit."""
    count, limit = int(rules[TREND_MONTHS].exact), rules[TREND_CHANGE]
    values = [value for _, value in number.months[-count - 1 :] if value is not None]
    if len(values) <= count or values[0] == 0:
        return
    steps = [_worsened(number.indicator, before, after) for before, after in pairwise(values)]
    change = _worsened(number.indicator, values[0], values[-1])
    if min(steps) > 0 and change > limit.number:
        unit = number.indicator.unit
        text = f"连续 {count} 个月不利变化,由 {written(values[0], unit)} 变为 {written(values[-1], unit)}"
        yield Finding(KindOfWarning.WORSENING, values[-1], values[0], text, limit)


def _worsened(indicator: Indicator, before: float, after: float) -> float:
    """By what share of the earlier value it got worse; negative when better, 0 where no direction is worse."""
    if indicator.better == "within" or before == 0:
        return 0.0
    rise = (after - before) / abs(before)
    return rise if indicator.better == "lower" else -rise


def _mean(months: Sequence[tuple[str, float | None]], count: int, *, back: int) -> float | None:
    """The mean of so many months, the last of them `back` months before the latest; None where one is missing."""
    end = len(months) - back
    values = [value for _, value in months[max(end - count, 0) : max(end, 0)]]
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == count else None


def _levels_of_peers(
    numbers: Sequence[Measured], rules: Mapping[str, RuleVersion]
) -> dict[tuple[str, str, str], list[float]]:
    """The values of all that are compared with each other."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for number in numbers:
        if number.peers and number.value is not None and not _proves_nothing(number, rules):
            found.setdefault(_peer_key(number), []).append(number.value)
    return found


def _peer_key(number: Measured) -> tuple[str, str, str]:
    return number.indicator.id, number.level, number.peers


def _against_peers(
    number: Measured, value: float, peers: Sequence[float], rules: Mapping[str, RuleVersion]
) -> Iterator[Finding]:
    """How many standard deviations, taken from the median deviation, it lies on the worse side of the median."""
    limit = rules[PEER_DEVIATION]
    if not number.peers or len(peers) < rules[PEER_MINIMUM].number:
        return
    middle = median(peers)
    spread = median(abs(each - middle) for each in peers) * DEVIATIONS_OF_MEDIAN
    if spread == 0:
        return
    away = (value - middle) / spread
    worse = {"higher": -away, "lower": away, "within": abs(away)}[number.indicator.better]
    if worse > limit.number:
        unit = number.indicator.unit
        text = (
            f"本期 {written(value, unit)},{len(peers)} 家同类机构的中位数为 {written(middle, unit)},"
            f"偏离 {worse:.1f} 个标准差"
        )
        yield Finding(KindOfWarning.OUT_OF_LINE, value, middle, text, limit)
