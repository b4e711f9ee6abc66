"""Special cases judged one by one (特例单议): who may apply, how many are admitted, and what an admitted case is worth.

A case needs a ground, a loss, and an application in time; of those that qualify the greatest losses are admitted until
the share of discharges that the documents allow is used up (DIP 5‰, DRG 5 %, 医保办发〔2024〕9号).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Literal, get_args

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.shares import share_of
from yigongti.kernel.decisions import Decision, Reason, because
from yigongti.kernel.money import yuan
from yigongti.kernel.rules import RuleVersion

Scheme = Literal["drg", "dip"]
SHARE: Mapping[Scheme, str] = {"drg": "payment.drg.special_case_share", "dip": "payment.dip.special_case_share"}
COST_TIMES = "payment.special_case.cost_times"
LONG_DAYS = "payment.special_case.long_days"
APPLY_WITHIN = "payment.special_case.apply_within"
RECOGNISED_SHARE = "payment.special_case.recognised_share"

Ground = Literal["high_cost", "long_stay", "new_technology", "several_specialties", "critical"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
GROUND_LABELS: Mapping[Ground, str] = {
    "high_cost": "费用特高", "long_stay": "住院时间特长", "new_technology": "新药新耗材新技术",
    "several_specialties": "复杂多学科联合诊疗", "critical": "危重症抢救",
}  # fmt: skip

Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class Application:
    """A stay put forward.  cost_fen: what it cost; standard_fen: what its group pays; ground: as the hospital says."""

    stay_id: str
    ground: Ground
    discharged_on: date
    applied_on: date
    days: int
    cost_fen: int
    standard_fen: int

    @property
    def loss_fen(self) -> int:
        return self.cost_fen - self.standard_fen


@dataclass(frozen=True)
class Judged:
    """An application with its outcome; recognised_fen: what the case is worth now (its standard where refused)."""

    application: Application
    decision: Decision
    recognised_fen: int


def quota(discharges: int, *, scheme: Scheme, rules: Rules) -> int:
    """How many special cases a number of discharges allows."""
    return floor(share_of(rules[SHARE[scheme]]) * discharges)


def judged(applications: Sequence[Application], *, discharges: int, scheme: Scheme, rules: Rules) -> tuple[Judged, ...]:
    """Every application with its outcome, in the order given; the order changes no outcome.

    discharges: of the year, of whom the quota is reckoned.  Raises ValueError where a stay is put forward twice.
    """
    if len({each.stay_id for each in applications}) < len(applications):
        raise ValueError("a stay can be put forward once")
    refused = {each.stay_id: reason for each in applications if (reason := _refused(each, rules))}
    admitted = _admitted((each for each in applications if each.stay_id not in refused), discharges, scheme, rules)
    beyond = because(rules[SHARE[scheme]], f"符合条件,但已超出本年 {discharges} 例出院的名额")
    return tuple(
        _admit(each, rules)
        if each.stay_id in admitted
        else Judged(each, Decision("refuse", (refused.get(each.stay_id, beyond),)), each.standard_fen)
        for each in applications
    )


def _admitted(qualified: Iterable[Application], discharges: int, scheme: Scheme, rules: Rules) -> frozenset[str]:
    ordered = sorted(qualified, key=lambda each: (-each.loss_fen, each.stay_id))
    return frozenset(each.stay_id for each in ordered[: quota(discharges, scheme=scheme, rules=rules)])


def _refused(one: Application, rules: Rules) -> Reason | None:
    within, times, days = rules[APPLY_WITHIN], rules[COST_TIMES], rules[LONG_DAYS]
    if one.applied_on > within.after(one.discharged_on) or one.applied_on < one.discharged_on:
        return because(within, f"{one.discharged_on} 出院,{one.applied_on} 申报,应在出院后 {within.text}内申报")
    if one.loss_fen <= 0:
        return because(rules[RECOGNISED_SHARE], f"费用 {yuan(one.cost_fen)} 元未超过支付标准,不需要单议")
    if one.ground == "high_cost" and one.cost_fen < Fraction(str(times.exact)) * one.standard_fen:
        return because(times, f"费用未达到支付标准的 {times.text} 倍,不算费用特高")
    if one.ground == "long_stay" and one.days < days.days:
        return because(days, f"住院 {one.days} 天,未达到 {days.text},不算时间特长")
    return None


def _admit(one: Application, rules: Rules) -> Judged:
    share = rules[RECOGNISED_SHARE]
    worth = max(half_up(share_of(share) * one.cost_fen), one.standard_fen)
    told = f"{GROUND_LABELS[one.ground]},准予单议,按费用的 {share.text} 认可 {yuan(worth)} 元"
    return Judged(one, Decision("allow", (because(share, told),)), worth)
