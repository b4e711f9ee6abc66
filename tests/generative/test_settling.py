"""A whole settlement: exact to the fen, the same in every order, down to single stays; linked stays are paid once."""

import itertools
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from yigongti.capabilities.payment.decisions import linked, monthly
from yigongti.capabilities.payment.decisions.budget import Heads, composed
from yigongti.capabilities.payment.decisions.exact import shared_out
from yigongti.capabilities.payment.services.settle import READS, Given, PutForward, settle
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
RULES = BOOK.on(date(2025, 12, 31))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**13), max_size=12))
def test_a_column_is_shared_out_as_allocate_does(total, weights):
    found = shared_out(total, np.array(weights, np.int64)).tolist()
    assert found == (allocate(total, weights) if sum(weights) else [0] * len(weights))


SEATS = [("H1", "A", True, "secondary"), ("C1", "A", True, "primary"), ("H2", "B", True, "secondary"),
         ("C2", "B", True, "primary"),         ("X1", None, False, "tertiary")]  # fmt: skip
INSTITUTIONS = [
    {"institution_id": key, "name": key, "kind": "county_hospital" if level != "primary" else "township_center",
     "level": level, "ownership": "public", "consortium_id": consortium, "place_id": f"T{consortium or 'A'}",
     "is_lead": False, "in_county": inside}
    for key, consortium, inside, level in SEATS
]  # fmt: skip
PLACES = [{"place_id": f"T{name}", "kind": "town", "name": name} for name in "AB"]
RESIDENTS = [
    {"resident_id": f"R{n}", "sex": "male", "birth_date": date(1960, 1, 1), "place_id": "TA" if n % 2 else "TB",
     "insured_as": "resident", "key_groups": [], "registered_on": date(2020, 1, 1)}
    for n in range(5)
]  # fmt: skip

drawn_stays = st.lists(
    st.fixed_dictionaries(
        {
            "institution_id": st.sampled_from([seat[0] for seat in SEATS]),
            "resident_id": st.sampled_from([resident["resident_id"] for resident in RESIDENTS]),
            "dx": st.sampled_from([["J18.900"], ["I10.x00"], ["K35.900"], ["F20.000"], []]),
            "fund_fen": st.integers(0, 3_000_000),
            "self_fen": st.integers(0, 900_000),
            "deductible_fen": st.sampled_from([None, 0, 20_000, 100_000]),
            "referral_id": st.sampled_from([None, "REF"]),
            "day": st.integers(1, 330),
            "days": st.integers(0, 25),
        }
    ),
    min_size=1,
    max_size=12,
)
choices = st.fixed_dictionaries(
    {
        "payment.inpatient.use_dip": st.sampled_from(["是", "否"]),
        "payment.inpatient.total_cost": st.sampled_from(["是", "否"]),
        "payment.clearing.by_consortium": st.sampled_from(["是", "否"]),
        "payment.continuous_deductible": st.sampled_from(["是", "否"]),
        "payment.linked_stays_paid_once": st.sampled_from(["是", "否"]),
        "payment.bed_day.in_use": st.sampled_from(["是", "否"]),
        "payment.dip.case_threshold": st.just("2"),
    }
)


def stay(number, drawn):
    discharged = date(2025, 1, 1) + timedelta(days=drawn["day"] + 30)
    more = {name: drawn[name] for name in ("institution_id", "resident_id", "dx", "fund_fen", "self_fen")}
    linking = {"deductible_fen": drawn["deductible_fen"], "referral_id": drawn["referral_id"]}
    return {
        "stay_id": f"S{number:02}", "admitted_on": discharged - timedelta(days=drawn["days"]),
        "discharged_on": discharged, "discharge_way": "1", "procedures": [], "age_years": 60, "sex": "male",
        "tcm": False, "insured_as": "resident", "total_fen": drawn["fund_fen"] + drawn["self_fen"], **more, **linking,
    }  # fmt: skip


def sources(stays, budget):
    budgets = [
        {"year": 2025, "consortium_id": name, "insured_as": "resident", "scheme": "global", "amount_fen": budget}
        for name in "AB"
    ]
    rows = {"institution": INSTITUTIONS, "place": PLACES, "resident": RESIDENTS, "stay": stays, "visit": [],
            "contract": [], "budget": budgets}  # fmt: skip
    return {
        name: pa.Table.from_pylist(rows[name], pa.schema([each.with_nullable(True) for each in COUNTY[name].schema]))
        for name in READS
    }


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # one settlement: 0.3 s
@given(drawn_stays, choices, st.integers(0, 20_000_000), st.randoms())
def test_whatever_the_rules_a_year_adds_up_down_to_single_stays_and_in_any_order(drawn, chosen, budget, random):
    book, stays = BOOK.with_values(chosen), [stay(number, each) for number, each in enumerate(drawn)]
    special = Given(special=[PutForward("S00", "critical", stays[0]["discharged_on"])])
    found = settle(2025, book=book, sources=sources(stays, budget), given=special)
    totals = found.as_dict()["totals"]
    assert totals["final_fen"] + totals["kept_by_fund_fen"] == budget * 2 + totals["fund_share_of_overrun_fen"]
    cases = found.cases.to_pylist()
    assert [case["stay_id"] for case in cases] == sorted(each["stay_id"] for each in stays)
    for cleared in found.pools:
        for line in cleared.lines:
            own = [case for case in cases if case["institution_id"] == line.claim.institution_id
                   and case["pool"] == cleared.pool.consortium_id]  # fmt: skip
            assert sum(case["worth_fen"] for case in own) == line.due.worth_fen
            assert sum(case["points_e4"] for case in own) == line.claim.inpatient.weight
    shuffled = settle(2025, book=book, sources=sources(random.sample(stays, len(stays)), budget), given=special)
    assert shuffled.run == found.run
    assert shuffled.result_digest == found.result_digest


@settings(max_examples=100, deadline=None)
@given(drawn_stays, st.integers(0, 10**7))
def test_linked_stays_of_one_group_have_the_points_of_the_dearest_together(drawn, seed):
    table = sources([stay(number, each) for number, each in enumerate(drawn)], 0)["stay"]
    chains = linked.chains_of(table, rules=RULES)
    points = np.random.default_rng(seed).integers(0, 10**7, len(table))
    groups = [(row or [None])[0] for row in table["dx"].to_pylist()]
    costs = np.asarray(table["total_fen"].to_numpy(), np.int64)
    parts = linked.paid_once(points, groups, costs, chains)
    paid = {(int(chains[row]), groups[row]): 0 for row in parts}
    for row, part in parts.items():
        paid[int(chains[row]), groups[row]] += part
    for (chain, group), total in paid.items():
        alike = [row for row in range(len(table)) if chains[row] == chain and groups[row] == group]
        assert total == max(int(points[row]) for row in alike)
    assert all(chains[row] >= 0 for row in parts)


@settings(max_examples=100, deadline=None)
@given(drawn_stays)
def test_a_linked_stay_came_by_referral_to_another_place_within_the_days(drawn):
    stays = [stay(number, each) for number, each in enumerate(drawn)]
    chains = linked.chains_of(sources(stays, 0)["stay"], rules=RULES)
    for chain in {int(each) for each in chains if each >= 0}:
        members = [stays[row] for row in np.flatnonzero(chains == chain)]
        members.sort(key=lambda each: (each["admitted_on"], each["discharged_on"], each["stay_id"]))
        assert len({each["resident_id"] for each in members}) == 1
        for before, after in itertools.pairwise(members):
            assert after["referral_id"]
            assert after["institution_id"] != before["institution_id"]
            assert 0 <= (after["admitted_on"] - before["discharged_on"]).days <= 3


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_the_advances_of_twelve_months_are_the_share_of_the_budget(budget, shares):
    months = [monthly.advances_fen(budget, month, shares, rules=RULES) for month in range(1, 13)]
    assert sum(map(sum, months)) == (budget * 90 * 2 + 100) // 200
    assert min(map(min, months)) >= 0


amounts = st.one_of(st.none(), st.integers(0, 10**12))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.lists(amounts, min_size=3, max_size=3).filter(any))
def test_a_budget_is_its_deductions_and_what_is_left(people, spent):
    found = composed([Heads(people, 65_000)], spent, growth=Fraction(6, 100), rules=RULES)
    assert found.gross_fen == found.net_fen + sum(found.deductions.values())
    assert min(found.net_fen, *found.deductions.values()) >= 0
