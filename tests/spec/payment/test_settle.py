"""yigongti settle: a small county's year cleared from its facts, pool by pool."""

from datetime import date

import pyarrow as pa
import pytest

from yigongti.capabilities.payment.services.settle import READS, book_of, settle, supposed
from yigongti.kernel.errors import PolicyError, Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.rules import UnknownRule

HERE = {"place_id": "town", "kind": "county_hospital", "level": "secondary", "ownership": "public", "is_lead": False}
INSTITUTIONS = [
    {**HERE, "institution_id": "CENTRE", "kind": "township_center", "level": "primary", "consortium_id": "C1",
     "in_county": True},
    {**HERE, "institution_id": "LEAD", "consortium_id": "C1", "in_county": True},
    {**HERE, "institution_id": "CITY", "kind": "city_hospital", "level": "tertiary", "in_county": False},
]  # fmt: skip
PLACES = [
    {"place_id": "town", "kind": "town", "name": "镇"},
    {"place_id": "v", "kind": "village", "name": "村", "parent_id": "town"},
]
RESIDENTS = [
    {"resident_id": name, "sex": "male", "birth_date": date(1960, 1, 1), "place_id": "v", "insured_as": insured,
     "key_groups": [], "registered_on": date(2020, 1, 1)}
    for name, insured in (("r1", "resident"), ("r2", "resident"), ("e1", "employee"), ("n1", "none"))
]  # fmt: skip


def stay(stay_id, institution_id, fund_fen, *, resident="r1", insured_as="resident", month=3, year=2025):
    return {
        "stay_id": stay_id, "resident_id": resident, "institution_id": institution_id, "insured_as": insured_as,
        "admitted_on": date(year, month, 1), "discharged_on": date(year, month, 8), "discharge_way": "1",
        "dx": ["J18.900"], "procedures": [], "age_years": 65, "sex": "male", "tcm": False,
        "total_fen": fund_fen + 10_000, "fund_fen": fund_fen, "self_fen": 10_000,
    }  # fmt: skip


def visit(visit_id, institution_id, fund_fen, *, resident="r1"):
    return {
        "visit_id": visit_id, "resident_id": resident, "institution_id": institution_id, "day": date(2025, 4, 1),
        "kind": "outpatient", "dx": [], "tcm": False, "total_fen": fund_fen, "fund_fen": fund_fen, "self_fen": 0,
        "booked": False,
    }  # fmt: skip


def budget(scheme, amount_fen, *, insured_as="resident", year=2025):
    row = {"year": year, "consortium_id": "C1", "insured_as": insured_as}
    return {**row, "scheme": scheme, "amount_fen": amount_fen}


STAYS = [
    stay("s1", "LEAD", 500_000),
    stay("s2", "LEAD", 450_000, resident="r2", month=5),
    stay("s3", "CENTRE", 200_000, resident="r2", month=7),
    stay("s4", "CITY", 900_000),
    stay("s5", "LEAD", 300_000, resident="e1", insured_as="employee"),
    stay("s6", "LEAD", 0, resident="n1", insured_as="none"),
]
VISITS = [visit("v1", "CENTRE", 5_000), visit("v2", "CITY", 9_000), visit("v3", "LEAD", 8_000, resident="r2")]
BUDGETS = [
    budget("inpatient", 2_100_000),
    budget("outpatient", 21_000),
    budget("inpatient", 300_000, insured_as="employee"),
]


def sources(**changed):
    rows = {"institution": INSTITUTIONS, "place": PLACES, "resident": RESIDENTS, "stay": STAYS, "visit": VISITS,
            "contract": [], "budget": BUDGETS, **changed}  # fmt: skip
    return {
        name: pa.Table.from_pylist(rows[name], pa.schema([each.with_nullable(True) for each in COUNTY[name].schema]))
        for name in READS
    }


def settled(*settings, pack="national", **changed):
    return settle(2025, book=supposed(book_of(pack), settings), sources=sources(**changed)).as_dict()


def adds_up(found):
    totals, lines = found["totals"], found["lines"]
    assert sum(line["final_fen"] for line in lines) == totals["final_fen"]
    paid, given = (
        totals["final_fen"] + totals["kept_by_fund_fen"],
        totals["budget_fen"] + totals["fund_share_of_overrun_fen"],
    )
    assert paid == given


@pytest.mark.parametrize(
    "pack", ["national", "banan-2024", "qingyuan-145", "yunnan-2024", "jiading-2020", "changzhou-2023"]
)
def test_every_pack_clears_the_year_to_the_fen(pack):
    yunnan = {"stay": [*STAYS, stay("s9", "LEAD", 100_000, month=12)]}
    found = settled(pack=pack, **yunnan)
    adds_up(found)
    assert found["pack"] == pack
    assert found["totals"]["budget_fen"] == 2_421_000


def test_care_outside_the_county_is_charged_to_the_patients_consortium():
    found = {(line["institution_id"], line["scheme"]): line for line in settled()["lines"]}
    assert found["CITY", "inpatient"]["final_fen"] == 900_000
    assert found["CITY", "inpatient"]["consortium_id"] == "C1"
    assert found["CITY", "outpatient"]["final_fen"] == 9_000


def test_people_without_insurance_are_in_no_pool():
    assert sum(line["cases"] for line in settled()["lines"]) == 8


def test_a_line_says_cases_points_and_what_was_recorded():
    lead = next(
        line for line in settled()["lines"] if line["institution_id"] == "LEAD" and line["insured_as"] == "resident"
    )
    assert (lead["cases"], lead["recorded_fen"], lead["scheme"]) == (2, 950_000, "inpatient")
    assert lead["points"] > 0


def test_the_same_facts_and_rules_give_the_same_run_bit_for_bit_in_any_order():
    again = {"stay": STAYS[::-1], "visit": VISITS[::-1], "budget": BUDGETS[::-1], "institution": INSTITUTIONS[::-1]}
    assert settled(**again) == settled() == settled()


def test_another_fact_or_rule_is_another_run():
    runs = {settled()["run"], settled("payment.clearing.surplus_share=85%")["run"], settled(stay=STAYS[1:])["run"]}
    assert len(runs) == 3


def test_a_supposition_shows_without_touching_the_rules():
    half = settled("payment.clearing.surplus_share=50%")
    assert half["totals"]["kept_by_fund_fen"] > settled()["totals"]["kept_by_fund_fen"]
    by_scores = settled("payment.inpatient.use_dip=是")
    adds_up(by_scores)
    assert by_scores["lines"] != settled()["lines"]


def test_more_cases_of_others_lower_what_ones_own_are_worth():
    more = [*STAYS, *(stay(f"t{at}", "LEAD", 450_000, resident="r2", month=at) for at in range(1, 13))]
    own = [
        next(line for line in settled(stay=rows)["lines"] if line["institution_id"] == "CENTRE")
        for rows in (STAYS, more)
    ]
    assert own[1]["payable_fen"] < own[0]["payable_fen"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"budget": []}, "没有预算"),
        ({"stay": [], "visit": []}, "没有住院或门诊事实"),
        ({"budget": [*BUDGETS, budget("global", 5)]}, "预算不平"),
        ({"budget": [budget("inpatient", 5), budget("global", 5)]}, "重叠"),
        ({"budget": [budget("inpatient", -5)]}, "预算为负"),
        ({"visit": [visit("v1", "LEAD", -5)]}, "金额为负"),
    ],
)
def test_what_cannot_be_cleared_is_refused(changed, said):
    with pytest.raises(Refusal, match=said):
        settled(**changed)


def test_unknown_rules_packs_and_values_are_refused():
    with pytest.raises(UnknownRule):
        settled("payment.clearing.no_such_rule=1")
    with pytest.raises(PolicyError):
        settled("payment.clearing.surplus_share=many")
    with pytest.raises(Refusal, match="规则=值"):
        settled("payment.clearing.surplus_share")
    with pytest.raises(PolicyError, match="没有名为"):
        book_of("nowhere")
