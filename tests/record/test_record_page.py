"""A record opens for who has a reason to look, leaves a trace of each look, and does not exist for anybody else."""

import json

import pytest
from tests.spine.county import account

from yigongti.kernel.roles import Role
from yigongti.spine.access.models import BreakGlass
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.notices.models import Notice

PARTS = ("", "timeline/", "vitals/", "readers/", "charges/visit/V1/")


def test_a_doctor_reads_the_record_of_who_is_treated_at_their_institution(doctor, at):
    page = at(doctor).get("/residents/R1/").content.decode()
    assert "张秀兰" in page
    assert "500113196005010021" not in page
    assert "诊疗关系" in page


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("resident", ["R2", "R3", "nobody"])
def test_outside_ones_relationships_no_part_of_a_record_exists_and_the_attempt_is_audited(doctor, at, part, resident):
    assert at(doctor).get(f"/residents/{resident}/{part}").status_code == 404
    assert AuditRecord.objects.get(resident_id=resident).action == "read_person_refused"


def test_who_is_not_a_carer_is_refused_by_role(county, at):
    assert at(account("office", (Role.BUREAU, "county", None))).get("/residents/R1/").status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_every_part_that_is_read_is_audited_with_purpose_and_basis(doctor, at, part):
    assert at(doctor).get(f"/residents/R1/{part}").status_code == 200
    detail = json.loads(AuditRecord.objects.get(resident_id="R1", action="read_person").detail)
    assert detail["basis"] == "treatment"
    assert detail["purpose"] == (part.split("/")[0] or "record")


def test_the_identity_is_shown_in_full_on_request_only_and_that_is_audited(doctor, at):
    browser = at(doctor)
    assert browser.get("/residents/R1/identity/").status_code == 405
    assert "500113196005010021" in browser.post("/residents/R1/identity/").content.decode()
    assert "identity" in AuditRecord.objects.get(action="read_person").detail


def test_residents_read_their_own_record_unmasked_and_see_who_looked(doctor, at, county):
    at(doctor).get("/residents/R1/")
    own = at(account("own", (Role.RESIDENT, "county", None), resident_id="R1"))
    assert "500113196005010021" in own.get("/residents/R1/").content.decode()
    assert "doctor" in own.get("/residents/R1/readers/").content.decode()
    assert own.get("/residents/R2/").status_code == 404


def test_the_header_says_the_contract_in_force_and_the_allergies(doctor, at, bring):
    def contract(number, team, year):
        return {"contract_id": f"K{number}", "resident_id": "R1", "institution_id": "I1", "team_id": team,
                "start_on": f"{year}-01-01", "end_on": f"{year}-12-31", "package": "基础包", "paid": "0"}  # fmt: skip

    allergy = {"allergy_id": "A1", "resident_id": "R1", "day": "2020-01-01", "substance_code": "X",
               "substance_name": "青霉素"}  # fmt: skip
    bring(contract=[contract(1, "甲队", 2025), contract(0, "旧队", 2024)], allergy=[allergy])
    page = at(doctor).get("/residents/R1/").content.decode()
    assert "甲队" in page
    assert "旧队" not in page.split("基本情况")[1]
    assert "过敏:青霉素" in page


def test_the_charges_of_a_visit_come_from_the_lake_and_add_up(doctor, at, bring):
    from tests.files.offices import charge

    bring(charge=[charge(1, day="2025-03-10"), charge(2, day="2025-03-10", item_name="血常规", category="lab"),
                  charge(3, day="2025-03-10", encounter_id="V2")])  # fmt: skip
    page = at(doctor).get("/residents/R1/charges/visit/V1/").content.decode()
    assert "心电图" in page
    assert "199.98" in page


def test_no_charges_are_shown_of_an_encounter_that_is_not_the_persons(doctor, at):
    assert at(doctor).get("/residents/R1/charges/visit/V2/").status_code == 404
    assert at(doctor).get("/residents/R1/charges/contract/V1/").status_code == 404


def test_an_address_that_asks_for_nonsense_shows_the_newest_days(doctor, at):
    answer = at(doctor).get("/residents/R1/?kind=nonsense&year=99999&before=yesterday")
    assert answer.status_code == 200
    assert "门急诊就诊" in answer.content.decode()


class TestEmergency:
    def test_breaking_the_glass_opens_the_record_and_tells_the_person(self, doctor, at):
        patient = account("patient", (Role.RESIDENT, "county", None), resident_id="R2")
        form = {"identifier": "500113197001010013", "reason": "昏迷送医,需查过敏史"}
        answer = at(doctor).post("/residents/emergency/", form, follow=True)
        assert answer.redirect_chain[-1][0] == "/residents/R2/"
        assert "李*" in answer.content.decode()
        assert Notice.objects.filter(user=patient, kind="break_glass").count() == 1

    def test_not_without_a_reason(self, doctor, at):
        page = at(doctor).post("/residents/emergency/", {"identifier": "R2", "reason": " "}).content.decode()
        assert "紧急查阅必须写明理由" in page
        assert not BreakGlass.objects.exists()

    def test_not_for_nobody_and_the_attempt_is_audited(self, doctor, at):
        form = {"identifier": "500113199901010000", "reason": "抢救"}
        assert "没有登记这样的居民" in at(doctor).post("/residents/emergency/", form).content.decode()
        assert AuditRecord.objects.filter(action="break_glass_refused").count() == 1

    def test_not_where_more_than_one_person_is_meant(self, doctor, at, bring):
        from tests.files.offices import identity, resident

        bring(resident=[resident(9)], identity=[identity(9, name="李亮", id_number="", phone="13800000002")])
        page = (
            at(doctor).post("/residents/emergency/", {"identifier": "13800000002", "reason": "抢救"}).content.decode()
        )
        assert "有 2 位居民符合" in page

    def test_not_by_a_name_which_may_be_anothers(self, doctor, at):
        page = at(doctor).post("/residents/emergency/", {"identifier": "李明", "reason": "抢救"}).content.decode()
        assert "没有登记这样的居民" in page

    def test_not_by_who_only_assists(self, county, at):
        assistant = account("assistant", (Role.TECHNICIAN, "institution", "I1"))
        assert at(assistant).get("/residents/emergency/").status_code == 403
