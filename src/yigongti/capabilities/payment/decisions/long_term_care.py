"""Long-term care insurance (BN-19): what a month of care of one person comes to, by disability grade and kind of care.

Institutional care is paid by the day, care at home by the visit; the fund pays its share up to a monthly ceiling.  A
day in hospital is paid by the medical fund and by no other: it is taken off the days of care.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.kernel.decisions import Decision, Reason, because
from yigongti.kernel.money import fen, yuan
from yigongti.kernel.rules import RuleVersion

IN_USE = "payment.long_term_care.in_use"
LEAST_GRADE = "payment.long_term_care.least_grade"
ASSESSED_WITHIN = "payment.long_term_care.assessed_within"
DAY_STANDARD = "payment.long_term_care.day_standard"
VISIT_STANDARD = "payment.long_term_care.visit_standard"
FUND_SHARE = "payment.long_term_care.fund_share"
MONTHLY_CAP = "payment.long_term_care.monthly_cap"

Mode = Literal["institution", "home"]
Span = tuple[date, date]
"""A stay in hospital: day of admission, day of discharge (not counted unless it is the same day)."""
Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class CareMonth:
    """A month of care.  grade 0–5, assessed_on the day it was given; dates: the days cared for in an institution, or
    the days visited at home (a day twice is two visits, but one day in an institution); charged_fen: what was asked."""

    resident_id: str
    mode: Mode
    grade: int
    assessed_on: date
    dates: tuple[date, ...]
    charged_fen: int


@dataclass(frozen=True)
class CarePayment:
    """What the fund pays and what remains for the person; they sum to what was charged, always."""

    decision: Decision
    units: int
    covered_fen: int
    fund_fen: int
    self_fen: int


def care_payment(care: CareMonth, *, hospital: Iterable[Span], rules: Rules) -> CarePayment:
    """What a month of care comes to.  hospital: the person's stays.

    Raises ValueError where the days are not of one month or the charge is negative.
    """
    if care.charged_fen < 0 or len({(day.year, day.month) for day in care.dates}) != 1:
        raise ValueError(f"care is paid by the month and not negative: {care}")
    refused = _refused(care, rules)
    if refused is not None:
        return CarePayment(Decision("refuse", (refused,)), 0, 0, 0, care.charged_fen)
    counted = _counted(care, set(_days_in(hospital)))
    standard = rules[DAY_STANDARD if care.mode == "institution" else VISIT_STANDARD]
    each = fen(str(standard.table[str(care.grade)]))
    covered = min(care.charged_fen, each * len(counted))
    share, cap = Fraction(str(rules[FUND_SHARE].table[care.mode])), fen(str(rules[MONTHLY_CAP].table[care.mode]))
    fund = min(half_up(share * covered), cap)
    reasons = _reasons(care, len(counted), standard, fund, cap, rules)
    return CarePayment(Decision("allow", reasons), len(counted), covered, fund, care.charged_fen - fund)


def _refused(care: CareMonth, rules: Rules) -> Reason | None:
    least, within = rules[LEAST_GRADE], rules[ASSESSED_WITHIN]
    if not rules[IN_USE].is_on:
        return because(rules[IN_USE], "本地未实行长期护理保险")
    if care.grade < least.exact:
        return because(least, f"失能等级 {care.grade} 级,未达到 {least.text}")
    if max(care.dates) >= within.after(care.assessed_on) or min(care.dates) < care.assessed_on:
        return because(within, f"{care.assessed_on} 的失能评估不在有效期内,应重新评估")
    return None


def _days_in(hospital: Iterable[Span]) -> Iterable[date]:
    for admitted, discharged in hospital:
        for number in range(max((discharged - admitted).days, 1)):
            yield admitted + timedelta(days=number)


def _counted(care: CareMonth, in_hospital: set[date]) -> list[date]:
    """The units that count: days in an institution once each, visits as many as were made, none while in hospital."""
    days = sorted(set(care.dates)) if care.mode == "institution" else sorted(care.dates)
    return [day for day in days if day not in in_hospital]


def _reasons(
    care: CareMonth, units: int, standard: RuleVersion, fund: int, cap: int, rules: Rules
) -> tuple[Reason, ...]:
    unit = "天" if care.mode == "institution" else "次"
    told = [because(standard, f"失能 {care.grade} 级,{units} {unit},每{unit} {standard.table[str(care.grade)]} 元")]
    if units < (len(set(care.dates)) if care.mode == "institution" else len(care.dates)):
        told.append(because(standard, "住院期间的护理不重复付费,已扣除"))
    share = rules[FUND_SHARE].table[care.mode]
    told.append(because(rules[FUND_SHARE], f"基金支付 {Fraction(str(share)) * 100}%,{yuan(fund)} 元"))
    if fund == cap:
        told.append(because(rules[MONTHLY_CAP], f"达到每月上限 {yuan(cap)} 元"))
    return tuple(told)
