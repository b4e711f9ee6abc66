"""A referral's whole way, and every way on which it can end; refusals change nothing."""

from typing import Any

import pytest
from tests.referral.county import BACK, DAY, HANDOVER, HOUR, NOON, Cast, proposal, sent, states, step
from tests.spine.county import account, fresh

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.booking.models import Resource, Seat, Slot
from yigongti.capabilities.referral.api import referrals_of
from yigongti.capabilities.referral.models import Attachment, Referral
from yigongti.capabilities.referral.services.expiring import expire_overdue
from yigongti.capabilities.referral.services.proposing import propose
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Consent
from yigongti.spine.access.records import basis_of
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.models import Case, CaseEvent, LiveFact
from yigongti.spine.cases.selectors import timeline
from yigongti.spine.notices.models import Notice
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

pytestmark = [pytest.mark.django_db, pytest.mark.store]
TO_THE_DOOR = {"arrangement": "请直接到急诊"}
SEEN = {"mode": "home", "finding": "无胸痛,按时服药"}


def treated(cast: Cast) -> Referral:
    """From the centre to the hospital, arrived."""
    case = accepted_at_the_hospital(cast)
    step(case, "arrive", cast.desk, at=NOON + 2 * HOUR)
    return case


def test_up_treated_handed_back_taken_over_followed_up_and_closed(cast: Cast) -> None:
    case = treated(cast)
    step(case, "return", cast.clinician, BACK, at=NOON + 5 * DAY)
    step(case, "take_over", cast.centre, at=NOON + 5 * DAY + HOUR)
    step(case, "follow_up", cast.centre, SEEN, at=NOON + 7 * DAY)
    step(case, "close", cast.centre, {"outcome": "recovered"}, at=NOON + 8 * DAY)
    assert [event.step for event in timeline(case)] == [
        "open", "send", "accept", "arrive", "return", "take_over", "follow_up", "close"]  # fmt: skip
    assert not any(event.late for event in timeline(case))
    row = LiveFact.objects.get(table="referral").row
    assert (row["referral_id"], row["direction"], row["outcome"]) == (case.pk, "up", "完成诊疗并回转")
    assert row["sent_at"] < row["accepted_at"] < row["arrived_at"] < row["returned_at"] < row["closed_at"]


def test_a_red_flag_takes_the_emergency_way_at_once_with_minutes_instead_of_hours(cast: Cast) -> None:
    case = sent(cast, findings={"chest_pain_minutes": 40})
    assert (case.state, case.is_emergency) == ("emergency", True)
    assert case.due_at is not None
    assert (case.due_at - case.entered_at).total_seconds() == 15 * 60
    assert case.judgement["reasons"][0]["rule_id"] == "referral.red_flag.chest_pain_longer_than"


def test_the_desk_asks_and_the_sender_supplements(cast: Cast) -> None:
    case = sent(cast)
    step(case, "ask", cast.centre, {"question": "请补心电图"})
    step(case, "supplement", cast.village, {"answer": "心电图已附"})
    assert [*states(case)] == ["sent"]


def test_one_consent_is_given_to_the_receiver_and_ends_with_the_referral(cast: Cast) -> None:
    case = sent(cast)
    consent = Consent.objects.get(resident_id="R1")
    assert (consent.institution_id, consent.ends_at, case.consent_id) == ("T1", None, consent.pk)
    step(case, "cancel", cast.village, {"reason": "症状缓解,患者不愿前往"}, at=NOON + HOUR)
    consent.refresh_from_db()
    assert consent.ends_at == NOON + HOUR


def test_the_receiver_may_read_the_record_while_the_referral_is_open(cast: Cast) -> None:
    reader = account("other", (Role.CLINICIAN, "institution", "H2"))
    assert basis_of(fresh(reader), "R2") is None
    case = sent(cast, by=cast.centre, resident_id="R2", from_institution_id="T1", to_institution_id="H2")
    assert basis_of(fresh(reader), "R2") is not None
    step(case, "cancel", cast.centre, {"reason": "改去县医院"})
    assert basis_of(fresh(reader), "R2") is None


class TestALongerWay:
    """Village → centre → hospital: two referrals that know each other."""

    @pytest.fixture
    def legs(self, cast: Cast) -> tuple[Referral, Referral]:
        first = sent(cast)
        step(first, "accept", cast.centre, TO_THE_DOOR)
        step(first, "arrive", cast.centre)
        second = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1", previous=first,
                      findings={"chest_pain_minutes": 130})  # fmt: skip
        return first, second

    def test_the_first_waits_while_the_second_goes_on(self, legs: Any) -> None:
        assert [*states(*legs)] == ["referred_on", "emergency"]

    def test_the_village_doctors_visit_serves_both_legs(self, cast: Cast, legs: Any) -> None:
        first, second = legs
        step(second, "accept", cast.desk, TO_THE_DOOR)
        step(second, "arrive", cast.desk)
        step(second, "return", cast.clinician, BACK, at=NOON + DAY)
        step(second, "take_over", cast.centre, at=NOON + DAY)
        step(first, "return", cast.centre, BACK, at=NOON + DAY)
        step(first, "take_over_in_village", cast.village, at=NOON + DAY)
        step(first, "follow_up", cast.village, SEEN, at=NOON + 3 * DAY)
        assert [*states(first, second)] == ["followed_up", "followed_up"]
        step(first, "close", cast.village, {"outcome": "recovered"}, at=NOON + 3 * DAY)
        assert [*states(first, second)] == ["closed", "closed"]

    def test_the_first_goes_on_treating_where_the_second_came_to_nothing(self, cast: Cast, legs: Any) -> None:
        first, second = legs
        step(second, "decline", cast.desk, {"reason": "导管室故障"})
        assert [*states(first, second)] == ["arrived", "declined"]
        assert "导管室故障" in timeline(first)[-1].data["reason"]

    def test_the_way_ends_for_both_where_the_patient_dies(self, cast: Cast, legs: Any) -> None:
        first, second = legs
        step(second, "accept", cast.desk, TO_THE_DOOR)
        step(second, "arrive", cast.desk)
        step(second, "end", cast.clinician, {"ending": "deceased", "reason": "心源性休克"})
        assert [*states(first, second)] == ["ended", "ended"]


def test_down_by_the_hospital_with_its_summary(cast: Cast) -> None:
    case = sent(cast, by=cast.clinician, direction="down", reason_code="recovery", from_institution_id="H1",
                to_institution_id="T1", handover=HANDOVER)  # fmt: skip
    assert case.workflow == "referral_down"
    step(case, "accept", cast.centre)
    step(case, "take_over", cast.centre, at=NOON + DAY)
    step(case, "follow_up", cast.centre, SEEN, at=NOON + 2 * DAY)
    step(case, "close", cast.centre, {"outcome": "managed"}, at=NOON + 2 * DAY)
    row = LiveFact.objects.get(table="referral").row
    assert (row["direction"], row["outcome"], row["arrived_at"][:10]) == ("down", "下转接续完成", "2025-03-04")


def test_out_of_the_county_needs_the_insurers_certificate_number(cast: Cast) -> None:
    case = sent(cast, by=cast.clinician, direction="out", reason_code="difficult", from_institution_id="H1",
                to_institution_id="X1")  # fmt: skip
    with pytest.raises(NotAllowed, match="请填写:医保转诊证明号"):
        step(case, "certify", cast.insurer, {})
    step(case, "certify", cast.insurer, {"certificate_number": "ZZ2025030001"})
    step(case, "depart", cast.clinician, at=NOON + DAY)
    step(case, "return", cast.clinician, BACK, at=NOON + 9 * DAY)
    step(case, "take_over", cast.clinician, at=NOON + 9 * DAY)
    case.refresh_from_db()
    assert (case.state, case.certificate_number) == ("taken_over", "ZZ2025030001")
    assert LiveFact.objects.get(table="referral").row["direction"] == "up"


def test_who_does_not_come_and_who_is_not_answered_end_by_the_system_after_the_rules_days(cast: Cast) -> None:
    unanswered = sent(cast)
    accepted = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1")
    step(accepted, "accept", cast.desk, TO_THE_DOOR)
    assert expire_overdue(at=NOON + 2 * DAY) == 0
    assert expire_overdue(at=NOON + 4 * DAY) == 1
    assert expire_overdue(at=NOON + 8 * DAY) == 1
    assert expire_overdue(at=NOON + 9 * DAY) == 0
    assert [*states(unanswered, accepted)] == ["expired", "not_arrived"]
    assert {CaseEvent.objects.get(step="expire").role, CaseEvent.objects.get(step="miss").role} == {"system"}


def test_sender_receiver_and_patient_are_told_of_every_step_that_waits_for_them(cast: Cast) -> None:
    case = sent(cast)
    told = {user.username for user in (notice.user for notice in Notice.objects.filter(subject=f"case:{case.pk}"))}
    assert {"centre", "patient"} <= told


def test_at_an_end_who_sent_it_acted_on_the_way_or_was_to_act_is_told_and_the_patient(cast: Cast) -> None:
    """A referral that is not accepted, or cancelled before or after that: nobody has to look for it."""
    declined = sent(cast)
    step(declined, "decline", cast.centre, {"reason": "本院无此专科"})
    cancelled = accepted_at_the_hospital(cast)
    step(cancelled, "cancel", cast.centre, {"reason": "好转"}, at=NOON + 2 * HOUR)
    unanswered = sent(cast)
    step(unanswered, "cancel", cast.village, {"reason": "好转"}, at=NOON + HOUR)
    others = (declined, {"village", "patient"}), (cancelled, {"desk", "clinician", "patient"})
    for case, told in (*others, (unanswered, {"centre", "patient"})):
        case.refresh_from_db()
        ends = Notice.objects.filter(subject=f"case:{case.pk}", at=case.closed_at)
        assert set(ends.values_list("user__username", flat=True)) == told


def accepted_at_the_hospital(cast: Cast) -> Referral:
    case = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1")
    step(case, "accept", cast.desk, TO_THE_DOOR, at=NOON + HOUR)
    return case


def refused(cast: Cast, *, by: Any = None, **changed: Any) -> str:
    with pytest.raises(Refusal) as told:
        propose(proposal(**changed), by=fresh(by or cast.village), at=NOON, request_id="once")
    assert not Case.objects.exists()
    assert not Consent.objects.exists()
    return str(told.value)


class TestRefused:
    """Nothing half done, and why in words."""

    def test_to_ones_own_institution(self, cast: Cast) -> None:
        told = refused(cast, to_institution_id="V1")
        assert "不能是同一家" in told
        assert "jiading-2020-1 5" in told, "the clause is named"

    def test_to_a_closed_institution(self, cast: Cast) -> None:
        Institution.objects.filter(pk="T1").update(closed_on="2025-01-01")
        assert "转入机构T1已于 2025-01-01 停业" in refused(cast)

    def test_of_somebody_who_has_died(self, cast: Cast) -> None:
        Resident.objects.filter(pk="R1").update(died_on="2025-03-01")
        told = refused(cast)
        assert "已于 2025-03-01 死亡" in told
        assert "referral.tier" in told

    def test_against_the_direction(self, cast: Cast) -> None:
        assert "不是上转" in refused(cast, by=cast.centre, from_institution_id="T1", to_institution_id="V1")
        assert "请办理县外转诊备案" in refused(cast, to_institution_id="X1")

    def test_of_a_stranger(self, cast: Cast) -> None:
        assert "不能查阅这位居民的档案" in refused(cast, resident_id="R2")

    def test_with_a_paper_of_somebody_else(self, cast: Cast) -> None:
        paper = ("visit", "VISIT3", NOON.date())
        assert "不在这位居民的档案里" in refused(cast, attachments=[paper])
        assert not Attachment.objects.exists()

    def test_from_an_institution_that_is_not_ones_own(self, cast: Cast) -> None:
        assert "您不能在该机构发起" in refused(cast, from_institution_id="V2")

    def test_for_a_reason_that_the_county_does_not_accept(self, cast: Cast) -> None:
        assert "referral.criteria.up_reasons" in refused(cast, reason_code="recovery")

    def test_down_while_a_red_flag_shows(self, cast: Cast) -> None:
        told = refused(cast, by=cast.clinician, direction="down", reason_code="recovery", from_institution_id="H1",
                       to_institution_id="T1", handover=HANDOVER, findings={"spo2": 85})  # fmt: skip
        assert "仍有急症指征" in told

    def test_twice_the_same_way(self, cast: Cast) -> None:
        sent(cast)
        with pytest.raises(NotAllowed, match="已有一份转往该机构的在办转诊"):
            sent(cast)

    def test_a_repeat_of_the_same_request_makes_one(self, cast: Cast) -> None:
        made = {propose(proposal(), by=fresh(cast.village), at=NOON, request_id="once").pk for _ in range(2)}
        assert len(made) == 1

    def test_a_step_by_the_wrong_side(self, cast: Cast) -> None:
        case = sent(cast)
        with pytest.raises(NotAllowed, match="应由"):
            step(case, "accept", cast.village, TO_THE_DOOR)

    def test_a_step_on_an_outdated_view(self, cast: Cast) -> None:
        from yigongti.spine.cases.engine import take

        case = sent(cast)
        step(case, "ask", cast.centre, {"question": "请补心电图"})
        stale = Referral.objects.get(pk=case.pk)
        stale.version -= 1
        with pytest.raises(NotAllowed, match="已过时"):
            take(stale, "supplement", by=fresh(cast.village), at=NOON, request_id="late", data={"answer": "好"})

    def test_a_step_on_a_closed_referral(self, cast: Cast) -> None:
        case = sent(cast)
        step(case, "decline", cast.centre, {"reason": "无心电图机"})
        with pytest.raises(NotAllowed, match="已办结\\(未接收\\)"):
            step(case, "accept", cast.centre, TO_THE_DOOR)

    def test_accepting_without_saying_where_to(self, cast: Cast) -> None:
        case = sent(cast)
        with pytest.raises(NotAllowed, match="请选择预约时段"):
            step(case, "accept", cast.centre)

    def test_a_first_follow_up_planned_into_the_past(self, cast: Cast) -> None:
        case = treated(cast)
        with pytest.raises(NotAllowed, match="已经过去"):
            step(case, "return", cast.clinician, {**BACK, "follow_up_by": NOON.date() - DAY}, at=NOON + DAY)

    def test_the_ordinary_way_for_what_cannot_wait(self, cast: Cast) -> None:
        from yigongti.spine.cases.engine import Parties, open_case

        opening = {"direction": "up", "reason_code": "diagnosis", "summary": "胸痛", "diagnosis": ["胸痛待查"],
                   "consent_form": "oral"}  # fmt: skip
        case = open_case("referral", parties=Parties("V1", "T1", "R1"), by=fresh(cast.village), at=NOON,
                         request_id="draft", data=opening)  # fmt: skip
        Referral.objects.filter(pk=case.pk).update(findings={"gcs": 9})
        with pytest.raises(NotAllowed, match="急症红线,应走急转"):
            step(case, "send", cast.village)

    def test_referring_on_without_a_next_leg(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="还没有发出下一程转诊"):
            step(treated(cast), "refer_on", cast.clinician, at=NOON + DAY)

    def test_the_system_alone_expires(self, cast: Cast) -> None:
        case = sent(cast)
        with pytest.raises(NotAllowed):
            step(case, "expire", cast.centre, {"reason": "久无音讯"})
        step(case, "expire", SYSTEM_ACTOR, {"reason": "久无音讯"})
        assert [*states(case)] == ["expired"]


class TestWhatIsBookedForAReferralMayChangeOnItsWay:
    """The booking is moved, given up or displaced at the desk; the referral goes by what is booked now."""

    @pytest.fixture
    def slots(self, cast: Cast) -> list[Slot]:
        days = [NOON + DAY, NOON + 2 * DAY]
        made = Resource.objects.create(kind="lab", item="生化", name="窗口", institution_id="H1")
        slots = [Slot.objects.create(resource=made, begins=at, ends=at + HOUR, shared_from=at) for at in days]
        for slot in slots:
            Seat.objects.create(slot=slot, number=1)
        return slots

    @pytest.fixture
    def accepted(self, cast: Cast, slots: list[Slot]) -> Referral:
        case = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1")
        step(case, "accept", cast.desk, {"slot": slots[0].pk})
        return case

    def test_moved_the_patient_is_awaited_on_the_new_day_and_a_cancelled_referral_gives_it_back(
        self, cast: Cast, slots: list[Slot], accepted: Referral
    ) -> None:
        (made,) = booking.of_case(accepted.pk)
        booking.move(made.booking_id, to_slot=slots[1].pk, by=fresh(cast.desk), at=NOON + HOUR, request_id="moved")
        assert referrals_of("R1")[0].appointment_at == slots[1].begins
        step(accepted, "cancel", cast.centre, {"reason": "好转"}, at=NOON + 2 * HOUR)
        assert [each.state for each in booking.of_case(accepted.pk)] == ["moved", "cancelled"]
        assert not Seat.objects.filter(is_taken=True).exists()

    def test_given_up_the_referral_can_still_be_cancelled_and_nothing_is_awaited(
        self, cast: Cast, accepted: Referral
    ) -> None:
        (made,) = booking.of_case(accepted.pk)
        booking.cancel(made.booking_id, by=fresh(cast.desk), at=NOON, reason="设备检修", request_id="gone")
        assert referrals_of("R1")[0].appointment_at is None
        step(accepted, "cancel", cast.centre, {"reason": "好转"}, at=NOON + 2 * HOUR)
        assert [*states(accepted)] == ["cancelled"]

    def test_arriving_checks_the_new_booking_in(self, cast: Cast, slots: list[Slot], accepted: Referral) -> None:
        (made,) = booking.of_case(accepted.pk)
        booking.move(made.booking_id, to_slot=slots[1].pk, by=fresh(cast.desk), at=NOON + HOUR, request_id="moved")
        step(accepted, "arrive", cast.desk, at=slots[1].begins)
        assert [each.state for each in booking.of_case(accepted.pk)] == ["moved", "checked_in"]
