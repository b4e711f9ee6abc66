"""Weights, indices and points of DRG payment, by worked examples."""

from datetime import date
from fractions import Fraction

import pyarrow as pa
import pytest

from yigongti.capabilities.payment.decisions.drg.figures import (
    Sums,
    cmi,
    consumption_index,
    death_risks,
    explained_variation,
    is_stable,
    low_risk_mortality,
    performance,
    rate_fen,
    relative_weights,
    standard_fen,
    sums,
)
from yigongti.capabilities.payment.decisions.drg.points import (
    E4,
    cost_factor,
    factors,
    reduced_for_readmission,
    score,
    standard_of,
)
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleBook

RULES = RuleBook.load().on(date(2026, 6, 1))
YUAN = 100


def cost(cases, yuan_each, *, days=0, deaths=0):
    return Sums(cases, cases * yuan_each * YUAN, days, deaths, float(cases) * (yuan_each * YUAN) ** 2)


def test_a_groups_weight_is_its_mean_cost_over_that_of_all():
    year = {"BR21": cost(10, 20_000), "ES15": cost(30, 4_000)}
    weights = relative_weights([year, year, year], rules=RULES)
    assert weights == {"BR21": Fraction(20_000, 8_000), "ES15": Fraction(4_000, 8_000)}


def test_the_latest_of_three_years_weighs_seven_tenths():
    years = [{"A": cost(1, 1000), "B": cost(1, 1000)}, {"A": cost(1, 1000), "B": cost(1, 1000)}]
    weights = relative_weights([*years, {"A": cost(1, 3000), "B": cost(1, 1000)}], rules=RULES)
    assert weights["A"] == Fraction(1000 * 1 + 1000 * 2 + 3000 * 7, 1000 * 1 + 1000 * 2 + 2000 * 7)


def test_a_year_without_cases_leaves_its_weight_to_the_others():
    weights = relative_weights([{"B": cost(1, 1000)}, {"B": cost(1, 1000)}, {"A": cost(1, 1000)}], rules=RULES)
    assert weights == {"A": Fraction(1), "B": Fraction(1)}


def test_the_case_mix_index_is_the_mean_weight_of_the_cases():
    own = {"A": cost(10, 1), "B": cost(30, 1), "new": cost(5, 1)}
    assert cmi(own, {"A": Fraction(2), "B": Fraction(1)}) == Fraction(50, 40)
    assert cmi({}, {"A": Fraction(2)}) is None


def test_the_price_of_a_weight_is_the_budget_over_the_fund_share_over_the_weight():
    price = rate_fen(budget_fen=7_000_000_00, paid_share=Fraction(7, 10), weight=Fraction(2_000))
    assert price == 500_000
    assert standard_fen(Fraction("1.2345"), rate=price, factor=Fraction("0.95")) == 586_388
    assert rate_fen(budget_fen=1, paid_share=Fraction(1), weight=Fraction(0)) is None


def test_indices_of_cost_and_time_compare_like_with_like():
    region = {"A": cost(100, 10_000, days=800), "B": cost(100, 5_000, days=500)}
    own = {"A": cost(10, 12_000, days=80), "B": cost(30, 5_000, days=120)}
    assert consumption_index(own, region, of="total_fen") == (Fraction(12, 10) * 10 + 1 * 30) / 40
    assert consumption_index(own, region, of="days") == (1 * 10 + Fraction(4, 5) * 30) / 40
    assert consumption_index({}, region, of="days") is None


def test_deaths_are_counted_in_the_groups_where_nobody_should_die():
    region = {
        "low": cost(1000, 1, deaths=1),
        "none": cost(50, 1),
        "mid": cost(1000, 1, deaths=20),
        "high": cost(100, 1, deaths=40),
    }
    risks = death_risks(region, rules=RULES)
    assert (risks["low"], risks["none"], risks["high"]) == ("low", "low", "high")
    own = {"low": cost(99, 1, deaths=1), "none": cost(1, 1), "high": cost(10, 1, deaths=5)}
    assert low_risk_mortality(own, risks) == Fraction(1, 100)


def test_a_group_with_few_or_very_unlike_cases_is_not_stable():
    assert is_stable(cost(20, 1000), rules=RULES)
    assert not is_stable(cost(2, 1000), rules=RULES)
    uneven = [100] * 19 + [100_000]
    assert not is_stable(Sums(20, sum(uneven), 0, 0, float(sum(x * x for x in uneven))), rules=RULES)


def test_groups_of_unlike_cost_explain_its_variation():
    assert explained_variation({"A": cost(10, 1000), "B": cost(10, 9000)}) == pytest.approx(1)
    assert explained_variation({"A": cost(10, 1000), "B": cost(10, 1000)}) is None


CASES = pa.table(
    {
        "id": ["1", "2", "3", "4"],
        "drg": ["A", "A", "B", "0000"],
        "status": ["grouped", "grouped", "grouped", "ungrouped"],
        "institution_id": ["h1", "h2", "h1", "h1"],
        "total_fen": [100_000, 300_000, 50_000, 70_000],
        "days": [5, 9, 3, 1],
        "died": [False, True, False, False],
    }
)


def test_only_grouped_cases_are_added_up():
    found = sums(CASES)
    assert set(found) == {"A", "B"}
    assert (found["A"].cases, found["A"].total_fen, found["A"].days, found["A"].deaths) == (2, 400_000, 14, 1)
    assert sums(CASES, ("institution_id", "drg"))[("h1", "B")].cases == 1


def test_an_institutions_figures_stand_together():
    own = {"A": cost(8, 1_000, days=80), "B": cost(2, 1_000, days=10)}
    found = performance(11, own, region=own, weights={"A": Fraction(2), "B": Fraction(1)}, rules=RULES)
    assert (found.groups, found.grouped_share, found.cmi) == (2, Fraction(10, 11), Fraction(18, 10))
    assert (found.cost_index, found.time_index, found.weight) == (1, 1, 18)
    assert (found.stable_share, found.explained_variation) == (Fraction(1, 2), None)


REGION = {"A": cost(100, 10_000), "B": cost(300, 2_000)}


def points(*cases, given=None):
    columns = ("id", "drg", "status", "institution_id", "total_fen")
    table = pa.Table.from_pylist([dict(zip(columns, case, strict=True)) for case in cases])
    return score(table, standard_of(REGION, rules=RULES), given or {}, rules=RULES).to_pylist()


def test_base_points_are_a_hundred_times_the_mean_cost_over_that_of_all():
    standard = standard_of(REGION, rules=RULES)
    assert standard.mean_fen == 4_000 * YUAN
    assert (standard.groups["A"].base_e4, standard.groups["B"].base_e4) == (250 * E4, 50 * E4)


def test_a_normal_case_has_its_base_points_times_the_cost_factor():
    (case,) = points(("1", "A", "grouped", "h1", 9_000 * YUAN), given={("h1", "A"): 9_500})
    assert (case["kind"], case["points_e4"]) == ("normal", 250 * 9_500)


def test_a_case_of_low_cost_has_points_by_its_cost():
    (case,) = points(("1", "A", "grouped", "h1", 4_000 * YUAN), given={("h1", "A"): 20_000})
    assert (case["kind"], case["points_e4"], case["rule"]) == ("low", 100 * E4, "payment.drg.low_outlier")


def test_a_case_of_high_cost_has_points_for_what_is_above_the_threshold():
    """Groups above 200 points: from twice the mean; at most 100 points: from three times."""
    dear, cheap = points(("1", "A", "grouped", "h1", 25_000 * YUAN), ("2", "B", "grouped", "h1", 5_000 * YUAN))
    assert (dear["kind"], dear["points_e4"]) == ("high", (250 + 125) * E4)
    assert (cheap["kind"], cheap["points_e4"]) == ("normal", 50 * E4)


def test_a_case_without_a_group_has_points_by_its_cost():
    ungrouped, unknown = points(
        ("1", "0000", "ungrouped", "h1", 8_000 * YUAN), ("2", "Z", "grouped", "h1", 2_000 * YUAN)
    )
    assert (ungrouped["kind"], ungrouped["points_e4"]) == ("by_cost", 200 * E4)
    assert (unknown["kind"], unknown["points_e4"]) == ("by_cost", 50 * E4)


def test_the_cost_factor_mixes_the_hospitals_and_its_levels_cost():
    mixed = cost_factor(cost(10, 12_000), level=cost(50, 11_000), region=cost(100, 10_000), rules=RULES)
    assert mixed == Fraction(12 + 11, 20)


def test_a_new_group_has_the_factor_of_new_groups_and_a_base_level_group_one_price_for_all():
    assert cost_factor(None, level=None, region=None, rules=RULES) == 1
    history = {("h1", "A"): cost(10, 20_000), ("t1", "A"): cost(10, 5_000)}
    levels, groups = {"h1": "secondary", "t1": "primary"}, standard_of(REGION, rules=RULES).groups
    unlike = factors(history, levels, groups, rules=RULES)
    assert (unlike["h1", "A"], unlike["t1", "A"], unlike["h1", "B"]) == (16_000, 4_000, 10_000)
    alike = factors(history, levels, groups, rules=RULES, base_level=frozenset({"A"}))
    assert alike["h1", "A"] == alike["t1", "A"] == 10_000


def test_coming_back_for_the_same_group_within_ten_days_halves_the_earlier_points():
    def stay(name, resident, drg, admitted, discharged):
        days = (date(2026, 3, admitted), date(2026, 3, discharged))
        return dict(
            zip(("id", "resident_id", "institution_id", "drg", "admitted_on", "discharged_on"),
                (name, resident, "h1", drg, *days), strict=True)
        )  # fmt: skip

    stays = pa.Table.from_pylist(
        [
            stay("c", "p1", "A", 25, 28), stay("a", "p1", "A", 1, 5), stay("b", "p1", "A", 15, 20),
            stay("d", "p2", "A", 1, 5), stay("e", "p2", "B", 6, 9), stay("f", "p3", "A", 1, 5),
            stay("g", "p3", "A", 16, 18),
        ]
    )  # fmt: skip
    reduced = reduced_for_readmission(dict.fromkeys("abcdefg", 100 * E4), stays, rules=RULES)
    assert reduced == {"a": 50 * E4, "b": 50 * E4}


def test_the_budget_is_paid_out_to_the_fen_by_points():
    scored = points(*((str(i), "A" if i % 3 else "B", "grouped", "h1", (3_000 + 37 * i) * YUAN) for i in range(50)))
    shares = [case["points_e4"] for case in scored]
    assert sum(allocate(1_234_567_89, shares)) == 1_234_567_89
