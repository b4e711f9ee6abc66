"""What a month's encounters cost, line by line inside the county, and what the fund pays of it."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care import charges, reimbursement, stay_costs, visit_costs
from yigongti.demo.care.attendance import Attended
from yigongti.demo.care.course import Course
from yigongti.demo.care.encounters import Orders
from yigongti.demo.care.treatment import Treated
from yigongti.demo.plants.charges import Whose, plant


@dataclass(frozen=True)
class Bill:
    """`lines` by encounter; in fen by encounter: parts (by bucket), total, fund; and the stays' deductible."""

    lines: charges.Lines
    parts: np.ndarray
    total: np.ndarray
    fund: np.ndarray
    deductible: np.ndarray


def bill(attended: Attended, treated: Treated, course: Course) -> Bill:
    """Charge what was done inside the county; outside, take the settlement's totals; then reimburse."""
    lines = _lines(attended, treated, course)
    parts = charges.totals(lines, len(attended.encounters))
    total = parts.sum(axis=1)
    _settle_outside(parts, total, attended, course)
    deductible, fund = _reimburse(total, attended, course)
    return Bill(lines, parts, total, fund, deductible)


def _lines(attended: Attended, treated: Treated, course: Course) -> charges.Lines:
    """Lines of visits and stays, with the planted ones among them."""
    world, first = course.world, attended.first_stay
    year = int(world.calendar.labels[attended.month][:4])
    prices = charges.price_list(year=year, first_year=world.calendar.years[0])
    of_visits = _visit_lines(attended, treated, course, prices)
    of_stays = [charges.moved(part, by=first) for part in _stay_lines(attended, treated, course, prices)]
    usual = charges.gathered([*of_visits, *of_stays])
    rng = world.streams.of("planted charges", attended.month)
    added = plant(
        usual, attended.encounters, _whose(attended, course), institutions=world.institutions, prices=prices,
        last_day=int(world.calendar.last), rng=rng,
    )  # fmt: skip
    return charges.gathered([usual, *added])


def _whose(attended: Attended, course: Course) -> Whose:
    """What the planted charges must know of the month's encounters."""
    people, each = course.world.people, attended.encounters
    age = people.age(each.resident, each.day)
    is_stay = np.arange(len(each)) >= attended.first_stay
    tariff = course.world.institutions.tariff[each.institution]
    return Whose(people.female[each.resident], age, people.died[each.resident], is_stay, tariff)


def _visit_lines(
    attended: Attended, treated: Treated, course: Course, prices: charges.PriceList
) -> list[charges.Lines]:
    world, orders = course.world, treated.charged
    return visit_costs.lines_of(
        attended.visits, orders=orders.take(orders.encounter < attended.first_stay), prescribed=treated.prescribed,
        prices=prices, intensity=treated.intensity, institutions=world.institutions,
        rng=world.streams.of("visit costs", attended.month),
    )  # fmt: skip


def _stay_lines(attended: Attended, treated: Treated, course: Course, prices: charges.PriceList) -> list[charges.Lines]:
    world = course.world
    rng = world.streams.of("stay costs", attended.month)
    mine = treated.charged.take(treated.charged.encounter >= attended.first_stay)
    aim = stay_costs.target(course.stays, attended.admitted, years=attended.years, by=course.costing, rng=rng)
    return stay_costs.lines_of(
        course.stays, attended.admitted, orders=Orders(mine.encounter - attended.first_stay, mine.good),
        target_fen=aim, prices=prices, institutions=world.institutions, rng=rng,
    )  # fmt: skip


def _settle_outside(parts: np.ndarray, total: np.ndarray, attended: Attended, course: Course) -> None:
    """Fill in the totals of visits, and the totals and parts of stays, outside the county."""
    world, first = course.world, attended.first_stay
    rng = world.streams.of("outside", attended.month)
    total[:first] += visit_costs.outside_totals(
        attended.visits, years=attended.years, institutions=world.institutions, rng=rng
    )
    outside = np.flatnonzero(~world.institutions.in_county[attended.stays.institution])
    which = attended.admitted[outside]
    cost = np.rint(stay_costs.target(course.stays, which, years=attended.years, by=course.costing, rng=rng))
    total[first + outside] = cost
    parts[first + outside] = stay_costs.outside_parts(attended.stays.disease[outside], cost)


def _reimburse(total: np.ndarray, attended: Attended, course: Course) -> tuple[np.ndarray, np.ndarray]:
    """(the stays' deductible, the fund's payment by encounter) in fen."""
    world, first = course.world, attended.first_stay
    rng = world.streams.of("reimbursement", attended.month)
    insured = world.people.insured.astype(np.int64)
    for_visits = visit_costs.fund_of(
        attended.visits, total[:first], insured=insured[attended.visits.resident], institutions=world.institutions,
        rng=rng,
    )  # fmt: skip
    tier = reimbursement.tiers(world.institutions)[course.stays.each.institution]
    due = reimbursement.deductibles(course.stays, insured[course.stays.each.resident], tier)[attended.admitted]
    deductible = np.minimum(due, total[first:])
    for_stays = reimbursement.fund_of(
        total[first:], deductible, insured=insured[attended.stays.resident], tier=tier[attended.admitted],
        referred=course.stays.up[attended.admitted], rng=rng,
    )  # fmt: skip
    return deductible, np.concatenate([for_visits, for_stays])
