"""People are found exactly, or by where they live, and only within one's relationships; every search is audited."""

import json

import pytest
from tests.spine.county import account

from yigongti.capabilities.record.selectors import people
from yigongti.kernel.roles import Role
from yigongti.spine.audit.models import AuditRecord


def ids(found: people.Found) -> list[str]:
    return [person.resident_id for person in found.people]


@pytest.mark.parametrize("text", ["张秀兰", "500113196005010021", "138 0000 0001", "R1", " R1 "])
def test_a_person_is_found_by_name_number_phone_or_resident_id_in_full(doctor, text):
    assert ids(people.matching(doctor, text)) == ["R1"]


@pytest.mark.parametrize("text", ["张秀", "50011319600501002", "", "李明", "R2"])
def test_not_by_a_part_and_not_outside_ones_relationships(doctor, text):
    assert ids(people.matching(doctor, text)) == []


def test_a_list_shows_names_masked(doctor):
    (person,) = people.matching(doctor, "R1").people
    assert (person.name, person.sex, person.age, person.place) == ("张*兰", "女", 65, "东寨村")


@pytest.mark.parametrize("place", ["P1", "T"])
def test_a_village_and_its_town_list_those_whom_the_doctor_treats(doctor, place):
    assert ids(people.living_in(doctor, place)) == ["R1"]


def test_a_list_is_narrowed_by_key_group_and_by_programmes_that_have_not_ended(doctor, bring):
    def enrolled(number, programme, end=""):
        return {"enrolment_id": f"M{number}", "resident_id": "R1", "programme": programme, "institution_id": "I1",
                "start_on": "2025-01-01", "end_on": end}  # fmt: skip

    bring(
        enrolment=[
            enrolled(1, "hypertension"),
            enrolled(2, "diabetes", "2025-12-14"),
            enrolled(3, "copd", "2026-01-01"),
        ]
    )
    assert ids(people.living_in(doctor, "P1", key_group="hypertension")) == ["R1"]
    assert ids(people.living_in(doctor, "P1", key_group="diabetes")) == []
    managed = {
        name: ids(people.living_in(doctor, "P1", programme=name)) for name in ("hypertension", "diabetes", "copd")
    }
    assert managed == {"hypertension": ["R1"], "diabetes": [], "copd": ["R1"]}


def test_a_long_list_goes_on_after_the_last_one_shown(doctor, bring, monkeypatch):
    from tests.files.offices import resident, visit

    monkeypatch.setattr(people, "PAGE_SIZE", 2)
    more = range(10, 13)
    bring(resident=[resident(n) for n in more], visit=[visit(n, resident_id=f"R{n}") for n in more])
    first = people.living_in(doctor, "P1")
    assert (ids(first), first.after) == (["R1", "R10"], "R10")
    last = people.living_in(doctor, "P1", after=first.after)
    assert (ids(last), last.after) == (["R11", "R12"], "")


def test_a_search_is_posted_and_audited_without_what_was_typed(doctor, at):
    page = at(doctor).post("/residents/", {"q": "500113196005010021"})
    assert "张*兰" in page.content.decode()
    entry = AuditRecord.objects.get(action="find_people")
    assert json.loads(entry.detail) == {"by": "identifier", "found": ["R1"]}


def test_nobody_is_listed_before_somebody_is_looked_for(doctor, at):
    page = at(doctor).get("/residents/?key_group=elderly").content.decode()
    assert "请查找一个人,或选择住址" in page
    assert not AuditRecord.objects.filter(action="find_people").exists()


@pytest.mark.parametrize("role", [Role.BUREAU, Role.MANAGER, Role.INSURER, Role.AUDITOR, Role.ADMIN])
def test_who_manages_or_pays_has_no_page_of_residents(county, at, role):
    assert at(account("office", (role, "county", None))).get("/residents/").status_code == 403
