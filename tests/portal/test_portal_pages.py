"""What a resident sees and does, for themselves and for relatives who agreed."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.booking.county import opened, slot_at
from tests.portal.conftest import CARDS, NOW, code_in
from tests.spine.county import account

from yigongti.capabilities.booking.models import Booking, WaitingEntry
from yigongti.capabilities.portal.models import Rating
from yigongti.capabilities.portal.services.complaining import close_unobjected, raise_unattended
from yigongti.capabilities.portal.services.rating import rate
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case
from yigongti.spine.people.models import Resident
from yigongti.spine.record.models import Entry

Phone = Callable[[str], Client]
PAGES = (
    "", "more/", "messages/", "record/", "record/results/", "record/readers/", "contract/", "contract/apply/",
    "booking/", "bookings/", "referrals/", "rate/", "complaints/", "complaints/new/", "family/",
)  # fmt: skip


def entry(who: str, table: str, key: str, line: list[object], *, day: date = date(2025, 2, 20)) -> None:
    Entry.objects.create(resident_id=who, day=day, table=table, key=key, institution_id="H1", line=json.dumps(line))


def text(client: Client, address: str) -> str:
    answer = client.get(f"/my/{address}")
    assert answer.status_code == 200, address
    return answer.content.decode()


def let_in(helper: Client, sent: list[str], *, relative: str) -> None:
    helper.post("/my/family/", {"id_number": CARDS[relative]})
    helper.post("/my/family/code/", {"code": code_in(sent)})


def test_every_page_opens_on_an_empty_record(phone: Phone) -> None:
    client = phone("R1")
    assert all(text(client, address) for address in PAGES)


def test_a_resident_books_moves_and_cancels(phone: Phone) -> None:
    made, client = opened(2, kind="lab", item="生化", hours=(9, 11), days=2), phone("R1")
    assert "CT 室" in text(client, "booking/?kind=lab")
    tomorrow = date(2025, 3, 4)
    client.post(f"/my/booking/{slot_at(made, 9, day=tomorrow).pk}/", {"request_id": "a"})
    booking = Booking.objects.get()
    assert (booking.resident_id, booking.source) == ("R1", "resident")
    client.post(f"/my/bookings/{booking.pk}/move/", {"slot": slot_at(made, 10, day=tomorrow).pk, "request_id": "b"})
    moved = Booking.objects.get(state="booked")
    client.post(f"/my/bookings/{moved.pk}/cancel/", {"request_id": "c"})
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["cancelled", "moved"]


def test_a_refusal_is_a_page_of_the_portal_that_names_the_rule(phone: Phone) -> None:
    slot, client = slot_at(opened(1, days=3), 9, day=date(2025, 3, 5)), phone("R1")
    answer = client.post(f"/my/booking/{slot.pk}/", {"request_id": "a"})
    assert answer.status_code == 409
    assert "booking.reserved_share" in answer.content.decode()


def test_a_resident_waits_and_leaves_the_list(phone: Phone) -> None:
    made, client = opened(1, kind="lab"), phone("R1")
    client.post(f"/my/booking/wait/{made.pk}/", {"request_id": "a"})
    entry_id = WaitingEntry.objects.get().pk
    assert "CT 室" in text(client, "bookings/")
    client.post(f"/my/booking/leave/{entry_id}/")
    assert WaitingEntry.objects.get().state == "withdrawn"


def test_anothers_booking_complaint_and_referral_are_not_there(phone: Phone) -> None:
    made = opened(2, kind="lab")
    phone("R1").post(f"/my/booking/{slot_at(made, 9).pk}/", {"request_id": "a"})
    stranger = phone("R2")
    assert stranger.post(f"/my/bookings/{Booking.objects.get().pk}/cancel/").status_code == 404
    assert stranger.get("/my/complaints/x/").status_code == stranger.get("/my/referrals/x/").status_code == 404


def test_a_relatives_code_is_their_consent_and_ending_it_closes_their_record(phone: Phone, sent: list[str]) -> None:
    helper = phone("R1")
    let_in(helper, sent, relative="R2")
    helper.post("/my/person/", {"resident": "R2"})
    assert "王小1" in text(helper, "record/")
    assert AuditRecord.objects.filter(action="read_person", resident_id="R2").exists()
    relative = phone("R2")
    assert "王*0" in text(relative, "family/")
    consent = AuditRecord.objects.filter(action="consent_given").count()
    assert consent == 1
    from yigongti.spine.access.models import Consent

    relative.post(f"/my/family/{Consent.objects.get().pk}/end/")
    assert "王小1" not in text(helper, "record/")


def test_a_relative_is_booked_for_and_the_booking_is_theirs(phone: Phone, sent: list[str]) -> None:
    slot, helper = slot_at(opened(2, kind="lab"), 9), phone("R1")
    let_in(helper, sent, relative="R2")
    helper.post("/my/person/", {"resident": "R2"})
    helper.post(f"/my/booking/{slot.pk}/", {"request_id": "a"})
    assert Booking.objects.get().resident_id == "R2"


def test_nobody_is_chosen_who_did_not_agree(phone: Phone) -> None:
    client = phone("R1")
    client.post("/my/person/", {"resident": "R3"})
    assert "王小0" in text(client, "record/")


def test_a_wrong_family_code_is_counted_and_gives_nothing(phone: Phone, sent: list[str]) -> None:
    from yigongti.capabilities.portal.models import OneTimeCode
    from yigongti.spine.access.models import Consent

    client = phone("R1")
    client.post("/my/family/", {"id_number": CARDS["R2"]})
    wrong = f"{(int(code_in(sent)) + 1) % 10**6:06d}"
    assert "验证码不正确" in client.post("/my/family/code/", {"code": wrong}).content.decode()
    assert OneTimeCode.objects.get(purpose="family").wrong == 1
    assert not Consent.objects.exists()


def test_results_say_in_plain_words_what_a_value_means_and_by_which_rules(phone: Phone) -> None:
    for code, value in (("sbp", 186), ("dbp", 96), ("fbg", 6.1)):
        entry(
            "R1", "measurement", f"R1|{code}|2025-02-20", [code, "2025-02-20T09:00:00+08:00", value, "mmHg", "clinic"]
        )
    shown = text(phone("R1"), "record/results/")
    assert "血压很高,有危险" in shown
    assert "followup.systolic_danger_from" in shown
    assert "空腹血糖在管理目标以内" in shown


def test_codes_are_told_by_plain_names_or_said_to_have_none(phone: Phone) -> None:
    entry("R1", "visit", "v1", ["outpatient", "内科", ["I10.x00"]])
    entry("R1", "visit", "v2", ["outpatient", "内科", ["Q99.900"]])
    shown = text(phone("R1"), "record/")
    assert "高血压" in shown
    assert "I10.x00" not in shown
    assert "未收录名称(Q99.900)" in shown


def test_the_free_times_of_a_resource_stand_together_a_day(phone: Phone) -> None:
    made = opened(2, kind="lab", hours=(9, 17), minutes=60)
    shown = text(phone("R1"), "booking/?kind=lab")
    assert shown.count(f"<strong>{made.name}</strong>") == 1
    assert "2 个时段" in shown  # eight an afternoon, six at once
    assert shown.count('name="request_id"') == 8


def test_a_visit_is_rated_once_and_inside_the_rules_days(phone: Phone) -> None:
    client = phone("R1")
    entry("R1", "visit", "v1", [])
    client.post("/my/rate/v1/", {"v1-table": "visit", "v1-key": "v1", "v1-stars": "4", "v1-remark": "等得不久"})
    assert Rating.objects.values_list("stars", "institution_id").get() == (4, "H1")
    again = client.post("/my/rate/v1/", {"v1-table": "visit", "v1-key": "v1", "v1-stars": "1"})
    assert again.status_code == 409
    assert Rating.objects.count() == 1
    entry("R1", "visit", "v0", [], day=NOW.date() - timedelta(days=91))
    with pytest.raises(Refusal, match=r"portal\.rate_within"):
        rate("R1", table="visit", key="v0", stars=5, remark="", by=User.objects.get(resident_id="R1"), at=NOW)
    with pytest.raises(Refusal, match="没有这次就诊"):
        rate("R2", table="visit", key="v1", stars=5, remark="", by=User.objects.get(resident_id="R1"), at=NOW)


def test_a_complaint_is_answered_and_who_is_not_content_is_heard_by_the_bureau(phone: Phone) -> None:
    manager = account("manager", (Role.MANAGER, "institution", "H1"))
    bureau, client = account("bureau", (Role.BUREAU, "county", None)), phone("R1")
    said = {"institution": "H1", "about": "waiting", "told": "等了三个小时", "request_id": "a"}
    address = client.post("/my/complaints/new/", said)["Location"]
    case = Case.objects.get(workflow="complaint")
    assert case.counterpart_id == "H1"
    assert case.due_at == NOW + timedelta(days=1)
    step(case, "accept", manager)
    step(case, "answer", manager, answer="已增开一个窗口")
    assert "已增开一个窗口" in client.get(address).content.decode()
    client.post(address, {"step": "object", "reason": "第二天还是等", "request_id": "b"})
    step(case, "decide", bureau, finding="限期整改")
    assert Case.objects.get(pk=case.pk).closed_at is not None
    assert "限期整改" in client.get(address).content.decode()


def test_an_answer_to_which_nobody_objects_ends_the_complaint_after_the_rules_days(phone: Phone) -> None:
    manager, client = account("manager", (Role.MANAGER, "institution", "H1")), phone("R1")
    said = {"institution": "H1", "about": "fee", "told": "收费不清", "request_id": "a"}
    client.post("/my/complaints/new/", said)
    case = Case.objects.get(workflow="complaint")
    step(case, "accept", manager)
    step(case, "answer", manager, answer="已退")
    assert close_unobjected(at=NOW + timedelta(days=6)) == 0
    assert close_unobjected(at=NOW + timedelta(days=8)) == 1
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_complaint_that_nobody_takes_on_comes_before_the_county_which_ends_it(phone: Phone) -> None:
    bureau, client = account("bureau", (Role.BUREAU, "county", None)), phone("R1")
    client.post("/my/complaints/new/", {"institution": "H1", "about": "fee", "told": "收费不清", "request_id": "a"})
    case = Case.objects.get(workflow="complaint")
    assert raise_unattended(at=case.due_at + timedelta(days=6)) == 0
    assert raise_unattended(at=case.due_at + timedelta(days=8)) == 1
    with clock.at(case.due_at + timedelta(days=9)):
        step(case, "decide", bureau, finding="已退费")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_complaint_names_nobody_by_default_and_first_of_all_who_attended_to_the_person(phone: Phone) -> None:
    entry("R1", "visit", "v1", [])
    shown = text(phone("R1"), "complaints/new/")
    assert shown.index('<option value=""') < shown.index('<optgroup label="为您服务过的"') < shown.index("本县机构")


def test_a_childs_consent_is_the_guardians_and_ends_when_the_child_is_of_age(phone: Phone, sent: list[str]) -> None:
    from yigongti.spine.access.models import Consent

    helper = phone("R1")
    Resident.objects.filter(pk="R2").update(birth_date=date(2007, 6, 1))
    let_in(helper, sent, relative="R2")
    let_in(helper, sent, relative="R3")
    of_child, of_adult = Consent.objects.order_by("resident_id")
    assert (of_child.evidence, of_child.ends_at.astimezone(clock.COUNTY_TIME).date()) == (
        "监护人手机验证码",
        date(2025, 6, 1),
    )
    assert of_adult.evidence == "本人手机验证码"
    assert of_adult.ends_at > of_child.ends_at


def test_a_relatives_contract_is_looked_at_and_nothing_is_done_with_it(phone: Phone, sent: list[str]) -> None:
    helper = phone("R1")
    let_in(helper, sent, relative="R2")
    helper.post("/my/person/", {"resident": "R2"})
    assert "申请签约" not in text(helper, "contract/")


def test_large_type_and_language_stay_chosen(phone: Phone) -> None:
    client = phone("R1")
    client.post("/my/type/", {"next": "/my/"})
    assert 'class="large"' in text(client, "bookings/")
    client.post("/language/", {"language": "en", "next": "/my/"})
    assert "My bookings" in text(client, "bookings/")


def test_the_portal_can_be_installed(client: Client) -> None:
    manifest = json.loads(client.get("/my/manifest.webmanifest").content)
    assert manifest["start_url"] == manifest["scope"] == "/my/"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    worker = client.get("/my/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/my/offline/" in worker.content.decode()
    assert "/* KEPT */" not in worker.content.decode()


def step(case: Case, name: str, by: User, **data: str) -> None:
    fresh, account_now = Case.objects.get(pk=case.pk), User.objects.get(pk=by.pk)
    take(fresh, name, by=account_now, at=clock.now(), request_id=f"{name}-{case.pk}", data=data)
