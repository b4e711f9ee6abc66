"""Year-end clearing of one pool: what the budget comes to for each institution, exact to the fen (YN-13, CZ-4, QY-7).

Care outside the county is paid as recorded, out of the same budget.  The rest is shared among the county's
institutions: inpatient money by points, outpatient money by contracted people and cost.  What is left over is kept in
part, what is overspent is shared with the fund by tiers; by consortium or by institution, as the rule says.  Always
  Σ final = totals.final,   final + kept by the fund = budget + the fund's share of the overrun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from yigongti.capabilities.payment.decisions.pools import Account, Care, Claim, Cleared, Due, Line, Pool
from yigongti.capabilities.payment.decisions.shares import factor_of, share_in, share_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleVersion

__all__ = ["Account", "Care", "Claim", "Cleared", "Due", "Line", "Pool", "clear"]

BY_CONSORTIUM = "payment.clearing.by_consortium"
VISITS_BY_CONSORTIUM = "payment.outpatient.by_consortium"
RESERVED_SHARE = "payment.budget.reserved_share"
SURPLUS_KEPT = "payment.surplus_kept"
SURPLUS_SHARE = "payment.clearing.surplus_share"
SURPLUS_CAP = "payment.clearing.surplus_cap"
LEAST_USE = "payment.clearing.least_use"
OVERRUN_SHARED = "payment.overrun_shared"
OVERRUN_TIERS = "payment.clearing.overrun_tiers"
QUALITY_FACTOR = "payment.clearing.quality_factor"
TIED_TO_REGION = "payment.budget_tied_to_in_region_rate"
REGION_TARGET = "measure.target.visit_in_county_share"
TOTAL_COST = "payment.inpatient.total_cost"
CONTRACT_SHARE = "payment.outpatient.contract_share"

Rules = Mapping[str, RuleVersion]


def clear(pool: Pool, *, rules: Rules) -> Cleared:
    """Clear one pool.  Raises Refusal on a negative amount or an institution that claims twice."""
    pool = replace(pool, claims=_checked(pool))
    reserved, available = _reserved(pool.budget_fen, rules)
    outside = [claim for claim in pool.claims if not claim.in_county]
    inside = [claim for claim in pool.claims if claim.in_county]
    spent_outside = sum(claim.recorded_fen for claim in outside)
    shared = max(0, available - spent_outside)
    stays_fen, visits_fen = _divided(inside, shared)
    due = _due(inside, stays_fen, visits_fen, rules)
    together = rules[VISITS_BY_CONSORTIUM if pool.scheme == "outpatient" else BY_CONSORTIUM].is_on
    settle = _by_consortium if together else _by_institution
    beyond = max(0, spent_outside - available)
    terms = _Terms.of(pool, shared=shared, beyond=beyond, rules=rules)
    settled, kept, share = settle(inside, due, terms)
    lines = sorted([*map(_as_recorded, outside), *settled], key=lambda line: line.claim.institution_id)
    account = Account(reserved, spent_outside, stays_fen, visits_fen, terms.quality, terms.tie)
    return Cleared(pool, tuple(lines), reserved + kept, share, account)


def _as_recorded(claim: Claim) -> Line:
    """A line outside the county: paid what was recorded."""
    stays, visits = claim.inpatient.recorded_fen, claim.outpatient.recorded_fen
    return Line(claim, Due(stays, stays, visits), final_fen=claim.recorded_fen)


@dataclass(frozen=True)
class _Terms:
    """What both ways of settling go by: what there is to share and what was overspent outside; factors and rules."""

    budget_fen: int
    shared_fen: int
    beyond_fen: int
    quality: Fraction
    tie: Fraction
    rules: Rules

    @property
    def factor(self) -> Fraction:
        """What a surplus is multiplied by."""
        return self.quality * self.tie

    @classmethod
    def of(cls, pool: Pool, *, shared: int, beyond: int, rules: Rules) -> "_Terms":
        tie = in_region_factor(pool.in_region, rules=rules)
        quality = factor_of(rules[QUALITY_FACTOR]) if pool.quality is None else pool.quality
        return cls(pool.budget_fen, shared, beyond, quality, tie, rules)


Settled = tuple[list[Line], int, int]


def _checked(pool: Pool) -> tuple[Claim, ...]:
    where = f"{pool.consortium_id} {pool.insured_as} {pool.scheme}"
    names = [claim.institution_id for claim in pool.claims]
    if len(names) > len(set(names)):
        raise Refusal("同一机构在一个总额里出现了两次", where)
    cares = [care for claim in pool.claims for care in (claim.inpatient, claim.outpatient)]
    amounts = [pool.budget_fen, *(n for each in cares for n in (each.recorded_fen, each.self_fen, each.weight))]
    if min(amounts) < 0:
        raise Refusal(f"金额为负:{min(amounts)}", where, "清算不接受负数", "核对数据")
    return tuple(sorted(pool.claims, key=lambda claim: claim.institution_id))


def _reserved(budget: int, rules: Rules) -> tuple[int, int]:
    kept = share_of(rules[RESERVED_SHARE])
    reserved, available = allocate(budget, [kept, 1 - kept])
    return reserved, available


def _divided(inside: Sequence[Claim], shared: int) -> tuple[int, int]:
    """What there is to share: for stays and for visits, by what each cost; nothing where nobody did anything."""
    spent = [sum(getattr(claim, kind).recorded_fen for claim in inside) for kind in ("inpatient", "outpatient")]
    stays, visits = allocate(shared, spent) if sum(spent) else (0, 0)
    return stays, visits


def _due(inside: Sequence[Claim], stays_fen: int, visits_fen: int, rules: Rules) -> list[Due]:
    """What each institution's care entitles it to."""
    worth, by_points = by_points_fen([claim.inpatient for claim in inside], stays_fen, rules=rules)
    by_people = by_people_fen([claim.outpatient for claim in inside], visits_fen, rules=rules)
    return [Due(*each) for each in zip(worth, by_points, by_people, strict=True)]


def by_points_fen(cares: Sequence[Care], total: int, *, rules: Rules) -> tuple[list[int], list[int]]:
    """Inpatient money by points: what each one's are worth, and what the fund pays of that.

    The point value is (fund + patients' share) ÷ points; an institution is due its points' worth less what its
    patients paid, as the rule says, else its points' share of the fund.
    """
    points = [care.weight for care in cares]
    if not sum(points):
        due = _by_cost(cares, total)
        return due, due
    if not rules[TOTAL_COST].is_on:
        due = allocate(total, points)
        return due, due
    worth = allocate(total + sum(care.self_fen for care in cares), points)
    due = [max(0, each - care.self_fen) for each, care in zip(worth, cares, strict=True)]
    return worth, allocate(total, due if sum(due) else points)


def by_people_fen(cares: Sequence[Care], total: int, *, rules: Rules) -> list[int]:
    """Outpatient money: a share by contracted people (capitation), the rest by recorded cost."""
    by_heads = share_of(rules[CONTRACT_SHARE])
    people = [care.weight for care in cares]
    if not sum(people) or not by_heads:
        return _by_cost(cares, total)
    per_head, rest = allocate(total, [by_heads, 1 - by_heads])
    pairs = zip(allocate(per_head, people), _by_cost(cares, rest), strict=True)
    return [a + b for a, b in pairs]


def _by_cost(cares: Sequence[Care], total: int) -> list[int]:
    recorded = [care.recorded_fen for care in cares]
    return allocate(total, recorded) if sum(recorded) else [0] * len(cares)


def in_region_factor(in_region: Fraction | None, *, rules: Rules) -> Fraction:
    """How far the insured's visits in the county reach the target, at most 1; 1 where the budget is not tied to it."""
    if not rules[TIED_TO_REGION].is_on or in_region is None:
        return Fraction(1)
    return min(Fraction(1), in_region / Fraction(str(rules[REGION_TARGET].exact)))


def kept_of_surplus(surplus: int, *, of_fen: int, factor: Fraction, rules: Rules) -> int:
    """What institutions keep of a surplus: share × factor, capped; nothing where too little was done for the budget."""
    least = share_of(rules[LEAST_USE])
    if not rules[SURPLUS_KEPT].is_on or (of_fen - surplus) < least * of_fen:
        return 0
    part, cap = (share_of(rules[rule]) for rule in (SURPLUS_SHARE, SURPLUS_CAP))
    return int(min(surplus * min(part * factor, Fraction(1)), of_fen * cap))


def fund_share_of(overrun: int, *, of_fen: int, factor: Fraction, rules: Rules) -> int:
    """What the fund bears of an overrun, tier after tier of its ratio to the budget, times the factor."""
    if not rules[OVERRUN_SHARED].is_on:
        return 0
    borne = Fraction(0)
    for band in rules[OVERRUN_TIERS].bands:
        low = Fraction(str(band.low or 0)) * of_fen
        high = Fraction(overrun) if band.high is None else min(Fraction(overrun), Fraction(str(band.high)) * of_fen)
        borne += max(Fraction(0), high - low) * share_in(rules[OVERRUN_TIERS], band.value)
    return int(borne * factor)


def _by_consortium(inside: Sequence[Claim], dues: Sequence[Due], terms: _Terms) -> Settled:
    """One account for all: a surplus goes to the members by what they are due, an overrun to those that overspent."""
    left = terms.shared_fen - terms.beyond_fen - sum(claim.recorded_fen for claim in inside)
    if left >= 0:
        return _surplus_together(inside, dues, left, terms)
    overrun = -left
    ceiling = sum(claim.recorded_fen for claim in inside)
    share = fund_share_of(overrun, of_fen=terms.budget_fen, factor=terms.tie, rules=terms.rules)
    borne = min(overrun - share, ceiling)
    over = [max(0, claim.recorded_fen - due.payable_fen) for claim, due in zip(inside, dues, strict=True)]
    parts = allocate(borne, over) if borne else [0] * len(inside)
    lines = [
        Line(claim, due, overrun_borne_fen=part, final_fen=claim.recorded_fen - part)
        for claim, due, part in zip(inside, dues, parts, strict=True)
    ]
    return lines, 0, overrun - borne


def _surplus_together(inside: Sequence[Claim], dues: Sequence[Due], left: int, terms: _Terms) -> Settled:
    weights = [due.payable_fen if claim.member else 0 for claim, due in zip(inside, dues, strict=True)]
    kept = kept_of_surplus(left, of_fen=terms.budget_fen, factor=terms.factor, rules=terms.rules) if sum(weights) else 0
    parts = allocate(kept, weights) if kept else [0] * len(inside)
    lines = [
        Line(claim, due, surplus_kept_fen=part, final_fen=claim.recorded_fen + part)
        for claim, due, part in zip(inside, dues, parts, strict=True)
    ]
    return lines, left - kept, 0


def _by_institution(inside: Sequence[Claim], dues: Sequence[Due], terms: _Terms) -> Settled:
    """An account for each; what nobody is due stays in the fund, and the fund bears what was overspent outside."""
    lines = [_line(claim, due, terms) for claim, due in zip(inside, dues, strict=True)]
    surplus = sum(max(0, line.payable_fen - line.final_fen) for line in lines)
    shared = sum(max(0, line.final_fen - line.payable_fen) for line in lines)
    undue = terms.shared_fen - sum(due.payable_fen for due in dues)
    return lines, surplus + undue, shared + terms.beyond_fen


def _line(claim: Claim, due: Due, terms: _Terms) -> Line:
    left = due.payable_fen - claim.recorded_fen
    if left >= 0:
        kept = kept_of_surplus(left, of_fen=due.payable_fen, factor=terms.factor, rules=terms.rules)
        return Line(claim, due, surplus_kept_fen=kept, final_fen=claim.recorded_fen + kept)
    share = fund_share_of(-left, of_fen=due.payable_fen, factor=terms.tie, rules=terms.rules)
    return Line(claim, due, overrun_borne_fen=-left - share, final_fen=due.payable_fen + share)
