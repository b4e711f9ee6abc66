"""A consent opens a record to one institution, until it ends; both are told and stay in the trail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access import consents
from yigongti.spine.access.models import Consent, User
from yigongti.spine.access.records import basis_of
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.models import Notice

pytestmark = pytest.mark.django_db


def post(doctor, **fields):
    client = Client()
    client.force_login(doctor)
    given = {"identifier": "R2", "institution_id": "I1", "evidence": "同意书 2025-18", "ends_on": "", **fields}
    return client.post(reverse("consent"), given)


def test_a_paper_consent_written_down_opens_the_record_to_the_institution(doctor):
    assert basis_of(doctor, "R2") is None
    assert post(doctor).status_code == 302
    assert basis_of(doctor, "R2").kind == "consent"
    assert AuditRecord.objects.filter(action="consent_given", resident_id="R2").count() == 1


def test_it_lasts_as_long_as_the_rule_says_where_nobody_says_until_when(doctor):
    post(doctor)
    lasts = county_rules().find("record.consent_lasts", on=clock.today())
    given = Consent.objects.get()
    assert given.ends_at == lasts.after(given.given_at)
    with clock.at(clock.today() + timedelta(days=400)):
        assert basis_of(doctor, "R2") is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"identifier": "R99"}, "没有登记这样的居民"),
        ({"evidence": " "}, "必填"),
        ({"institution_id": "I2"}, "I2"),
        ({"ends_on": "2025-01-01"}, "终止时间已经过去"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(doctor, fields, said):
    page = post(doctor, **fields)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Consent.objects.exists()


def test_nobody_writes_down_a_consent_to_another_institution(doctor):
    with pytest.raises(NotAllowed, match="本机构"):
        consents.give("R2", by=doctor, at=clock.now(), evidence="x", institution_id="I2")


def test_the_resident_is_told_ends_it_and_the_record_closes_at_once(doctor):
    own = User.objects.create_user("r2", password="x", display_name="李明", resident_id="R2")
    own.assignments.create(role=Role.RESIDENT, reach="county")
    post(doctor)
    assert Notice.objects.filter(user=own, kind="consent_given").count() == 1
    client = Client()
    client.force_login(own)
    assert "同意书 2025-18" in client.get(reverse("record_consents", args=["R2"])).content.decode()
    ended = client.post(reverse("record_consent_end", args=["R2", Consent.objects.get().pk]))
    assert "已终止" in ended.content.decode()
    assert basis_of(doctor, "R2") is None


def test_who_ends_the_consent_that_let_them_in_is_told_that_they_are_out(doctor):
    post(doctor)
    client = Client()
    client.force_login(doctor)
    ended = client.post(reverse("record_consent_end", args=["R2", Consent.objects.get().pk]))
    assert "不再可以查阅" in ended.content.decode()
