"""Relationship, consent, break-glass: who may open a person's record, and that every opening leaves a trace."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.http import Http404
from tests.spine.county import account, draw_county, fresh, resident

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access import relationships
from yigongti.spine.access.models import Consent, User
from yigongti.spine.access.records import (
    basis_of,
    break_glass,
    open_person,
    person_visible,
    record_opens,
    visible_residents,
)
from yigongti.spine.access.rows import scoped
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.notices.models import Notice
from yigongti.spine.people.models import Posting, Resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def treated(monkeypatch: pytest.MonkeyPatch) -> None:
    """R1 was treated at T1, R2 at H2, R3 nowhere.  Postings stand in for a table of treatments."""
    draw_county()
    for number in (1, 2, 3):
        resident(f"R{number}")
    for resident_id, institution_id in (("R1", "T1"), ("R2", "H2")):
        Posting.objects.create(posting_id=resident_id, staff_id=resident_id, from_institution_id=institution_id,
                               to_institution_id=institution_id, kind="long", start_on="2024-01-01")  # fmt: skip
    bond = relationships.Relationship("treatment", "诊疗关系", Posting.objects.all, ("to_institution_id",), "staff_id")
    monkeypatch.setattr(relationships, "_registered", {"treatment": bond})


def doctor() -> User:
    return account("doctor", (Role.FAMILY_DOCTOR, "subtree", "T1"))


def test_a_doctor_sees_who_is_treated_at_their_institution_and_nobody_else() -> None:
    user = doctor()
    assert [person_visible(user, f"R{n}") for n in (1, 2, 3)] == [True, False, False]
    assert set(visible_residents(user).values_list("pk", flat=True)) == {"R1"}
    assert set(scoped(Resident.objects.all(), user).values_list("pk", flat=True)) == {"R1"}


def test_a_member_of_a_team_sees_its_people_wherever_the_member_works(monkeypatch: pytest.MonkeyPatch) -> None:
    team = relationships.Relationship(
        "team", "团队", Posting.objects.all, institutions=(), resident="staff_id",
        staff=lambda staff_id: Q(posting_id="R2", kind="long") if staff_id == "S1" else Q(pk__in=[]),
    )  # fmt: skip
    monkeypatch.setattr(relationships, "_registered", {"team": team})
    member, other = doctor(), account("other", (Role.FAMILY_DOCTOR, "subtree", "H2"))
    member.staff_id = "S1"
    assert [person_visible(member, f"R{n}") for n in (1, 2, 3)] == [False, True, False]
    assert set(visible_residents(member).values_list("pk", flat=True)) == {"R2"}
    assert not visible_residents(other).exists()


@pytest.mark.store
def test_a_link_to_a_record_asks_as_the_record_does_also_when_a_consent_comes_and_ends() -> None:
    user, given_at = doctor(), clock.now()

    def opens() -> list[bool]:
        told = [record_opens(user, resident_id=f"R{n}") for n in (1, 2, 3)]
        assert told == [person_visible(user, f"R{n}") for n in (1, 2, 3)]
        return told

    assert opens() == [True, False, False]
    Consent.objects.create(resident_id="R3", institution_id="T1", given_at=given_at, evidence="纸质")
    assert opens() == [True, False, True]
    Consent.objects.update(ends_at=given_at)
    assert opens() == [True, False, False]


@pytest.mark.parametrize("role", [Role.BUREAU, Role.MANAGER, Role.INSURER, Role.AUDITOR, Role.ADMIN])
def test_who_manages_pays_or_supervises_opens_no_record_by_office(role: Role) -> None:
    user = account("office", (role, "county", None))
    assert not person_visible(user, "R1")
    assert not visible_residents(user).exists()


def test_a_resident_sees_their_own_record_only() -> None:
    user = account("self", resident_id="R3")
    assert basis_of(user, "R3").kind == "own"
    assert not person_visible(user, "R1")
    assert set(visible_residents(user).values_list("pk", flat=True)) == {"R3"}


def test_consent_opens_a_record_until_it_ends() -> None:
    user, now = doctor(), clock.now()
    Consent.objects.create(resident_id="R3", institution_id="V1", evidence="书面", given_at=now - timedelta(days=2),
                           ends_at=now + timedelta(days=2))  # fmt: skip
    assert basis_of(user, "R3").kind == "consent"
    with clock.at(now + timedelta(days=3)):
        assert not person_visible(user, "R3")
        assert not visible_residents(user).filter(pk="R3").exists()


def test_consent_to_a_relative_opens_the_record_to_the_relatives_account() -> None:
    daughter = account("daughter", (Role.RESIDENT, "county", None), resident_id="R1")
    Consent.objects.create(resident_id="R2", user=daughter, evidence="线上", given_at=clock.now())
    assert set(visible_residents(daughter).values_list("pk", flat=True)) == {"R1", "R2"}
    assert not person_visible(daughter, "R3")


def test_every_opening_of_a_record_is_audited_with_its_basis() -> None:
    user = doctor()
    open_person(user, resident_id="R1", purpose="record")
    entry = AuditRecord.objects.get(resident_id="R1")
    assert (entry.actor, entry.action) == ("doctor", "read_person")
    assert '"basis":"treatment"' in entry.detail


def test_a_record_outside_is_as_if_it_did_not_exist_and_the_attempt_is_audited() -> None:
    user = doctor()
    for resident_id in ("R2", "nobody"):
        with pytest.raises(Http404):
            open_person(user, resident_id=resident_id, purpose="record")
        assert AuditRecord.objects.get(resident_id=resident_id).action == "read_person_refused"


def test_breaking_the_glass_opens_for_a_time_tells_the_person_and_the_auditor_and_is_audited() -> None:
    user = account("clinician", (Role.CLINICIAN, "institution", "H1"))
    patient, auditor = account("patient", resident_id="R2"), account("auditor", (Role.AUDITOR, "county", None))
    now = clock.now()
    opened = break_glass(user, resident_id="R2", reason="昏迷送医,需查过敏史", at=now)
    assert basis_of(fresh(user), "R2").kind == "break_glass"
    assert {notice.user_id for notice in Notice.objects.all()} == {patient.pk, auditor.pk}
    assert AuditRecord.objects.filter(action="break_glass", resident_id="R2").count() == 1
    with clock.at(opened.ends_at + timedelta(seconds=1)):
        assert not person_visible(user, "R2")


def test_the_glass_is_not_broken_without_a_reason_or_by_an_office() -> None:
    with pytest.raises(NotAllowed, match="理由"):
        break_glass(doctor(), resident_id="R2", reason="  ", at=clock.now())
    office = account("office", (Role.BUREAU, "county", None))
    with pytest.raises(NotAllowed, match="岗位"):
        break_glass(office, resident_id="R2", reason="想看", at=clock.now())
