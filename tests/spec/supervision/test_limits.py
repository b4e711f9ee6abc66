"""规则库限定:性别、年龄、险种、机构等级、就医方式、疗程、周期。"""

import pytest

from supervision.scene import found, subjects

STAY = {"stay_id": "S1", "admitted_on": "2025-06-01", "discharged_on": "2025-06-09"}


def line(charge_id="C1", **changes):
    return {"charge_id": charge_id, "item_code": "X1", "item_name": "某药", "category": "drug", **changes}


def limit(kind, subject="", **changes):
    return [{"kind": kind, "item_code": "X1", "item_name": "某药", "subject": subject, **changes}]


@pytest.mark.parametrize(
    ("limited_to", "resident", "hits"), [("female", "R1", 1), ("female", "R2", 0), ("male", "R2", 1)]
)
def test_what_is_for_one_sex_is_not_charged_for_the_other(limited_to, resident, hits):
    assert len(subjects("sex_limit", charge=[line(resident_id=resident)], limits=limit("sex", limited_to))) == hits


@pytest.mark.parametrize(
    ("limited_to", "born", "hits"),
    [
        ("儿童", "2010-01-01", 0),
        ("儿童", "2005-01-01", 1),
        ("婴幼儿", "2023-01-01", 0),
        ("婴幼儿", "2020-01-01", 1),
        ("新生儿", "2025-05-20", 0),
        ("新生儿", "2025-03-20", 1),
        ("法定就业年龄", "1990-01-01", 0),
        ("法定就业年龄", "1950-01-01", 1),
        ("法定就业年龄", "2015-01-01", 1),
    ],
)
def test_what_is_for_an_age_group_is_charged_for_it_alone(limited_to, born, hits):
    people = [{"resident_id": "R1", "birth_date": born}]
    assert len(subjects("age_limit", charge=[line()], resident=people, limits=limit("age", limited_to))) == hits


def test_what_injury_insurance_pays_is_not_paid_by_the_fund():
    limits = limit("scheme", "工伤")
    assert subjects("scheme_limit", charge=[line()], limits=limits) == ["C1"]
    assert subjects("scheme_limit", charge=[line(fund_fen=0)], limits=limits) == []


@pytest.mark.parametrize(
    ("level", "place", "hits"), [("secondary", "H1", 0), ("secondary", "H2", 1), ("tertiary", "H1", 1)]
)
def test_what_needs_a_higher_level_is_not_used_below_it(level, place, hits):
    assert len(subjects("level_limit", charge=[line(institution_id=place)], limits=limit("level", level))) == hits


@pytest.mark.parametrize(
    ("setting", "encounter", "hits"),
    [("inpatient", "S1", 0), ("inpatient", "V1", 1), ("inpatient", "V2", 1), ("emergency_or_inpatient", "V2", 0)],
)
def test_what_is_for_inpatients_is_not_charged_to_outpatients(setting, encounter, hits):
    visits = [{"visit_id": "V1", "day": "2025-06-02"}, {"visit_id": "V2", "day": "2025-06-02", "kind": "emergency"}]
    given = {
        "charge": [line(encounter_id=encounter)],
        "visit": visits,
        "stay": [STAY],
        "limits": limit("setting", setting),
    }
    assert len(subjects("setting_limit", **given)) == hits


def test_a_course_is_paid_for_so_many_days():
    days = [line(f"C{day}", encounter_id="S1", day=f"2025-06-0{day}") for day in range(1, 6)]
    assert subjects("course_limit", charge=days, limits=limit("course", quantity=3.0)) == ["C4", "C5"]


def test_a_test_is_not_done_again_within_its_period():
    again = [line("C1", encounter_id="V1", day="2025-06-02"), line("C2", encounter_id="V2", day="2025-06-09")]
    (hit,) = found("interval_limit", charge=again, limits=limit("interval", quantity=1.0, period_days=15))
    assert (hit["subject"], hit["measured"], hit["allowed"]) == ("C2", 7, 15)
    assert subjects("interval_limit", charge=again, limits=limit("interval", quantity=1.0, period_days=7)) == []
