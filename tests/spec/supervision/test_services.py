"""服务类筛查规则:重复检查、超量开药、工作量不可能、死亡后就诊与收费。"""

import pytest

from supervision.scene import found, subjects


def exam(exam_id, day, **changes):
    return {"exam_id": exam_id, "ordered_at": f"{day}T02:00:00Z", **changes}


def test_an_exam_again_while_the_last_one_counts_needs_a_reason():
    (hit,) = found("repeated_exam", exam=[exam("E1", "2025-04-01"), exam("E2", "2025-04-10")])
    assert (hit["subject"], hit["measured"], hit["allowed"]) == ("E2", 9, 30)


@pytest.mark.parametrize(
    ("again", "changes"),
    [("2025-04-10", {"repeat_reason": "condition_changed"}), ("2025-04-10", {"recognised_exam_id": "E1"}),
     ("2025-05-02", {}), ("2025-04-10", {"item_code": "MRI"})],
    ids=["with a reason", "recognised", "out of date", "another exam"],
)  # fmt: skip
def test_otherwise_it_is_in_order(again, changes):
    assert subjects("repeated_exam", exam=[exam("E1", "2025-04-01"), exam("E2", again, **changes)]) == []


def test_an_exam_is_valued_at_what_the_fund_pays_for_one():
    charges = [{"charge_id": "C1", "item_code": "CT", "item_name": "CT", "fund_fen": 12_000}]
    (hit,) = found("repeated_exam", exam=[exam("E1", "2025-04-01"), exam("E2", "2025-04-10")], charge=charges)
    assert hit["amount_fen"] == 12_000


def prescription(number, day, days, **changes):
    return {"prescription_id": f"P{number}", "day": day, "days": days, **changes}


def test_a_drug_is_not_prescribed_while_more_than_twelve_weeks_and_one_to_refill_are_in_hand():
    lines = [prescription(1, "2025-02-01", 60), prescription(2, "2025-02-20", 60)]
    (hit,) = found("over_prescribing", prescription_line=lines)
    assert (hit["subject"], hit["measured"], hit["allowed"]) == ("P2/1", 101, 91)
    assert set(hit["evidence"]) == {"prescription_line:P1/1", "prescription_line:P2/1"}


@pytest.mark.parametrize(
    "second",
    [{"day": "2025-03-20"}, {"drug_code": "B"}, {"resident_id": "R2"}, {"reviewed": "returned"}],
    ids=["when it is used up", "another drug", "another person", "returned by the pharmacist"],
)
def test_what_is_used_up_or_returned_does_not_count(second):
    lines = [prescription(1, "2025-02-01", 60), {**prescription(2, "2025-02-20", 60), **second}]
    assert subjects("over_prescribing", prescription_line=lines) == []


def consultations(people):
    return [
        {"charge_id": f"C{number}", "encounter_id": f"V{number}", "item_code": "GH", "item_name": "诊查费",
         "category": "registration"}
        for number in range(people)
    ]  # fmt: skip


def test_a_doctor_sees_no_more_people_a_day_than_can_be():
    (hit,) = found("impossible_volume", charge=consultations(150))
    assert (hit["prescriber_id"], hit["measured"], hit["allowed"]) == ("D1", 150, 120)
    assert subjects("impossible_volume", charge=consultations(120)) == []


DEAD = [{"resident_id": "R1", "day": "2025-05-01"}]


@pytest.mark.parametrize(("day", "hits"), [("2025-04-30", 0), ("2025-05-01", 0), ("2025-05-02", 1)])
def test_nobody_is_seen_after_the_day_of_death(day, hits):
    assert len(subjects("visit_after_death", visit=[{"visit_id": "V1", "day": day}], death=DEAD)) == hits


def test_nothing_is_charged_after_the_day_of_death_for_a_visit_before():
    visit = [{"visit_id": "V1", "day": "2025-04-28"}]
    charges = [{"charge_id": "C1", "item_code": "X", "item_name": "X", "day": "2025-05-03"}]
    (hit,) = found("charge_after_death", visit=visit, charge=charges, death=DEAD)
    assert (hit["subject"], hit["measured"]) == ("C1", 2)


def test_an_empty_box_stays_empty_until_the_next_prescription():
    """Half a year of a drug is too much at once, also after a time without any."""
    lines = [prescription(1, "2025-01-05", 28), prescription(2, "2025-06-20", 168)]
    (hit,) = found("over_prescribing", prescription_line=lines)
    assert (hit["subject"], hit["measured"]) == ("P2/1", 168)


def test_a_prescription_a_few_days_before_the_last_is_used_up_is_in_order():
    lines = [prescription(number, day, 84) for number, day in enumerate(("2025-01-01", "2025-03-22", "2025-06-12"))]
    assert subjects("over_prescribing", prescription_line=lines) == []
