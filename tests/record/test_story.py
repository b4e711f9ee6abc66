"""A timeline comes in pages of whole days, newest first, and says what happened in words."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yigongti.capabilities.record.selectors import story as stories
from yigongti.capabilities.record.selectors.story import Wanted, contents, story
from yigongti.spine.record.models import Entry

FIRST = date(2024, 1, 1)


def entries(per_day: list[int]) -> None:
    Entry.objects.bulk_create(
        Entry(resident_id="X", day=FIRST + timedelta(days=day), table="visit", key=f"V{day}-{number}",
              institution_id="I1", line='["outpatient","全科",["I10"],false,5000,3000,2000,true]')
        for day, count in enumerate(per_day) for number in range(count)
    )  # fmt: skip


def pages(wanted: Wanted) -> list[list[str]]:
    found = []
    while True:
        page = story("X", wanted)
        found.append([moment.key for moment in page.moments])
        if page.before is None:
            return found
        wanted = Wanted(wanted.table, wanted.year, page.before)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(per_day=st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_the_pages_hold_every_fact_once_and_never_tear_a_day_apart(monkeypatch, per_day):
    monkeypatch.setattr(stories, "PAGE_SIZE", 6)
    Entry.objects.all().delete()
    entries(per_day)
    found = pages(Wanted())
    keys = [key for page in found for key in page]
    assert sorted(keys) == sorted(f"V{day}-{number}" for day, count in enumerate(per_day) for number in range(count))
    days = [{key.split("-")[0] for key in page} for page in found]
    assert all(not one & other for place, one in enumerate(days) for other in days[:place])


@pytest.mark.django_db
def test_a_year_is_shown_alone_across_its_pages(monkeypatch):
    monkeypatch.setattr(stories, "PAGE_SIZE", 100)
    entries([1] * 400)
    keys = [key for page in pages(Wanted(year=2025)) for key in page]
    assert len(keys) == 400 - 366


def test_the_contents_count_by_kind_and_by_year(county):
    found = contents("R1")
    assert (found.tables, found.years, found.total) == ([("visit", "门急诊就诊", 1)], [(2025, 1)], 1)


def test_a_visit_is_said_in_words_with_its_institution_and_cost(county):
    (moment,) = story("R1", Wanted()).moments
    assert moment.title == "门诊 · 全科 · I10、E11.9"
    assert (moment.institution, moment.amount) == ("云溪镇1号卫生院", "100.00 元")
    assert ("基金支付", "60.00 元") in moment.details


def test_the_drugs_of_a_prescription_and_the_values_of_a_sitting_are_one_moment_each(county, bring):
    def drug(line, name):
        return {"prescription_id": "P1", "line": str(line), "resident_id": "R1", "institution_id": "I1",
                "prescriber_id": "S1", "day": "2025-05-01", "drug_code": name, "drug_name": name, "dose": "5",
                "dose_unit": "mg", "route": "口服", "frequency": "qd", "days": "30", "quantity": "1", "dx": "I10",
                "kind": "western", "long_term": "0", "reviewed": "auto_pass"}  # fmt: skip

    def measured(code, value):
        return {"resident_id": "R1", "code": code, "at": "2025-05-02T08:00:00+08:00", "value": value, "unit": "mmHg",
                "source": "clinic", "institution_id": "I1"}  # fmt: skip

    bring(
        prescription_line=[drug(1, "氨氯地平"), drug(2, "缬沙坦")],
        measurement=[measured("sbp", "150"), measured("dbp", "95")],
    )
    sitting, prescription, _visit = story("R1", Wanted()).moments
    assert sitting.lines == ("舒张压 95 mmHg", "收缩压 150 mmHg")
    assert prescription.lines == ("氨氯地平 5mg 口服 qd 30 天", "缬沙坦 5mg 口服 qd 30 天")
