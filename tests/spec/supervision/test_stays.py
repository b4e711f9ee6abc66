"""住院类筛查规则:分解住院、重叠住院、低标准入院、床位容纳不下。"""

import pytest

from supervision.scene import BOOK, found, subjects

FIRST = {"stay_id": "S1", "admitted_on": "2025-03-01", "discharged_on": "2025-03-08"}


def again(**changes):
    return {"stay_id": "S2", "admitted_on": "2025-03-11", "discharged_on": "2025-03-16", **changes}


def test_the_same_illness_department_and_treatment_within_fifteen_days_is_one_stay_cut_in_two():
    (hit,) = found("split_admission", stay=[FIRST, again()])
    assert hit["subject"] == "S1+S2"
    assert hit["evidence"] == ["stay:S1", "stay:S2"]
    assert (hit["measured"], hit["allowed"], hit["amount_fen"]) == (3, 15, 300_000)


@pytest.mark.parametrize(
    "difference",
    [
        {"dx": ["K35.900"]},
        {"department": "外科"},
        {"procedures": ["47.0900"]},
        {"institution_id": "H2"},
        {"admitted_on": "2025-03-24", "discharged_on": "2025-03-28"},
        {"referral_id": "T1"},
        {"resident_id": "R2"},
    ],
    ids=["another illness", "another department", "another treatment", "another institution", "after the interval",
         "referred", "another person"],
)  # fmt: skip
def test_all_three_conditions_must_hold_within_the_interval(difference):
    assert subjects("split_admission", stay=[FIRST, again(**difference)]) == []


@pytest.mark.parametrize("planned", ["Z51.100", "Z49.100", "O80.900"])
def test_planned_readmissions_are_excused(planned):
    stays = [{**FIRST, "dx": [planned]}, again(dx=[planned])]
    assert subjects("split_admission", stay=stays) == []


def test_a_county_may_set_another_interval():
    book = BOOK.with_values({"supervision.split.interval": 2})
    assert subjects("split_admission", stay=[FIRST, again()], book=book) == []


def test_two_hospitals_cannot_have_one_person_in_bed_on_the_same_days():
    stays = [FIRST, again(institution_id="H2", admitted_on="2025-03-05")]
    (hit,) = found("overlapping_stays", stay=stays)
    assert hit["subject"] == "S1+S2"
    assert hit["measured"] == 3


def test_the_day_of_a_transfer_counts_at_both_hospitals():
    stays = [FIRST, again(institution_id="H2", admitted_on="2025-03-08")]
    assert subjects("overlapping_stays", stay=stays) == []


def cheap(**changes):
    small = {"total_fen": 60_000, "fund_fen": 30_000, "exam_fen": 30_000, "lab_fen": 20_000, "stay_id": "S9",
             "resident_id": "R2", "admitted_on": "2025-05-01", "discharged_on": "2025-05-03"}  # fmt: skip
    return {**small, **changes}


USUAL_STAYS = [{**FIRST, "stay_id": f"S{number}", "resident_id": f"R{number + 10}"} for number in range(5)]


def test_a_short_cheap_stay_of_nothing_but_examinations_is_looked_at():
    assert subjects("admission_without_need", stay=[*USUAL_STAYS, cheap()]) == ["S9"]


@pytest.mark.parametrize(
    "difference",
    [{"discharged_on": "2025-05-08"}, {"procedures": ["86.2200"]}, {"total_fen": 400_000}, {"exam_fen": 0},
     {"discharge_way": "5"}],
    ids=["long", "with a procedure", "not cheap", "not examined", "died"],
)  # fmt: skip
def test_a_stay_with_a_reason_to_be_one_is_not(difference):
    assert subjects("admission_without_need", stay=[*USUAL_STAYS, cheap(**difference)]) == []


def test_more_people_in_bed_than_beds_can_hold():
    places = [{"institution_id": "H1", "beds": 20}, {"institution_id": "H2", "beds": 40}]
    stays = [
        {**FIRST, "stay_id": f"{place}{number}", "resident_id": f"R{place}{number}", "institution_id": place}
        for place in ("H1", "H2")
        for number in range(31)
    ]
    (hit,) = found("crowded_beds", stay=stays, institution=places)
    assert (hit["institution_id"], hit["measured"], hit["allowed"]) == ("H1", 31, 26)
