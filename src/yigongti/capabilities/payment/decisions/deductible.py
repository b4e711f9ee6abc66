"""Continuous deductible over the linked stays of an illness (YN-13): nobody pays twice for being sent on.

Within a chain of linked stays going up pays the difference between the levels' standards, going down pays nothing, the
same level pays what its rule says; a stay that is not linked in time pays in full and begins a new chain.  Chains are
judged in the order of admission, whatever order the stays are given in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.shares import share_of
from yigongti.kernel.decisions import Reason, because
from yigongti.kernel.facts.county import LEVELS
from yigongti.kernel.money import fen, yuan
from yigongti.kernel.rules import RuleBook, RuleVersion

CONTINUOUS = "payment.continuous_deductible"
STANDARD = "payment.deductible.standard"
LINKED_WITHIN = "payment.deductible.linked_within"
SAME_LEVEL_SHARE = "payment.deductible.same_level_share"
ACROSS_YEARS = "payment.deductible.continues_across_years"
DECREASING = "payment.deductible.decreasing"
NTH_STAY_SHARE = "payment.deductible.nth_stay_share"

Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class LinkedStay:
    """A stay of an episode.  linked: sent here by a valid referral from the stay before; level: the institution's."""

    stay_id: str
    level: str
    admitted_on: date
    discharged_on: date
    linked: bool
    insured_as: str = "resident"


@dataclass(frozen=True)
class Charge:
    """What one stay's deductible comes to, and the rule and sentence that say why."""

    stay_id: str
    deductible_fen: int
    reason: Reason


@dataclass(frozen=True)
class _Chain:
    """The chain so far: its last stay, the highest standard that it has met (fen), and the chains of its year."""

    last: LinkedStay
    met_fen: int
    nth: int


def deductibles(stays: Sequence[LinkedStay], *, book: RuleBook, stays_before: int = 0) -> tuple[Charge, ...]:
    """The deductible of every stay of an episode, in the order given, by the rules of each stay's day of discharge.

    stays_before: how many stays the person had earlier in the year, for deductibles that decrease.
    Raises PolicyError where a rule has no value on the day.
    """
    charges: dict[str, Charge] = {}
    chain: _Chain | None = None
    for stay in sorted(stays, key=lambda each: (each.admitted_on, each.discharged_on, each.stay_id)):
        charges[stay.stay_id], chain = _charge(stay, chain, book.on(stay.discharged_on), stays_before)
    return tuple(charges[stay.stay_id] for stay in stays)


def _charge(stay: LinkedStay, chain: _Chain | None, rules: Rules, stays_before: int) -> tuple[Charge, _Chain]:
    standard = standard_fen(stay, rules=rules)
    broken = _why_not_linked(stay, chain, rules)
    if chain is None or broken is not None:
        nth = _nth(stay, chain, stays_before)
        amount, reason = _at_most_decreased(standard, broken or _first(rules), standard, nth, rules)
        return Charge(stay.stay_id, amount, reason), _Chain(stay, standard, nth)
    due, reason = _moved(stay, chain, standard, rules)
    amount, reason = _at_most_decreased(due, reason, standard, chain.nth, rules)
    return Charge(stay.stay_id, amount, reason), _Chain(stay, max(chain.met_fen, standard), chain.nth)


def standard_fen(stay: LinkedStay, *, rules: Rules) -> int:
    """The full deductible of a stay by level and insurance."""
    return fen(str(rules[STANDARD].table[stay.level][stay.insured_as]))


def _nth(stay: LinkedStay, chain: _Chain | None, stays_before: int) -> int:
    """Which stay of its year this is, a chain counting once."""
    if chain is None:
        return stays_before + 1
    return chain.nth + 1 if chain.last.discharged_on.year == stay.discharged_on.year else 1


def _why_not_linked(stay: LinkedStay, chain: _Chain | None, rules: Rules) -> Reason | None:
    if chain is None:
        return None
    if not rules[CONTINUOUS].is_on:
        return because(rules[CONTINUOUS], "本地未实行连续计算,全额计收")
    if not stay.linked:
        return because(rules[CONTINUOUS], "没有有效转诊,不连续计算,全额计收")
    gap, within = (stay.admitted_on - chain.last.discharged_on).days, rules[LINKED_WITHIN]
    if gap > within.days:
        return because(within, f"距前次出院 {gap} 天,超过 {within.days} 天,不连续计算,全额计收")
    if chain.last.discharged_on.year != stay.discharged_on.year and not rules[ACROSS_YEARS].is_on:
        return because(rules[ACROSS_YEARS], f"与前次住院不在同一年度({stay.discharged_on.year} 年出院),全额计收")
    return None


def _first(rules: Rules) -> Reason:
    return because(rules[STANDARD], "首次住院,按起付标准全额计收")


def _moved(stay: LinkedStay, chain: _Chain, standard: int, rules: Rules) -> tuple[int, Reason]:
    order = [*reversed(LEVELS)]
    before, now = order.index(chain.last.level), order.index(stay.level)
    if now == before:
        share = rules[SAME_LEVEL_SHARE]
        due = half_up(standard * share_of(share))
        return due, because(share, f"同级转诊,按起付标准的 {share.text} 计收" if due else "同级转诊,不再计收")
    if now < before:
        return 0, because(rules[CONTINUOUS], f"由{LEVELS[chain.last.level]}下转{LEVELS[stay.level]},不再计收")
    due = max(0, standard - chain.met_fen)
    told = f"上转{LEVELS[stay.level]},标准 {yuan(standard)} 元,此前已计 {yuan(chain.met_fen)} 元,补差 {yuan(due)} 元"
    return due, because(rules[CONTINUOUS], told)


def _at_most_decreased(due: int, reason: Reason, standard: int, nth: int, rules: Rules) -> tuple[int, Reason]:
    """The lower of what is due and what the nth stay of the year pays, where deductibles decrease."""
    if not rules[DECREASING].is_on:
        return due, reason
    share = rules[NTH_STAY_SHARE]
    decreased = half_up(standard * Fraction(str(share.band(nth).value)))
    if decreased >= due:
        return due, reason
    return decreased, because(share, f"年内第 {nth} 次住院,起付线递减为 {yuan(decreased)} 元")
