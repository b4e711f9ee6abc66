"""Taking steps: only what is declared, by whom it is declared for, once, and with all its traces or none."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from tests.spine.county import account, draw_county, fresh, resident
from tests.spine.sterile import BOUND, DEADLINE, STERILE_SUPPLY, in_use

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Consent, User
from yigongti.spine.access.records import basis_of
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases import buffer
from yigongti.spine.cases.bindings import Binding, bind
from yigongti.spine.cases.checks import can_step, check_step, steps_for
from yigongti.spine.cases.deadlines import escalate_overdue
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact
from yigongti.spine.cases.selectors import WorkList, open_for, timeline, visible_cases, work_list
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.store]
NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
PASSED = {"batch": "2025-0303-1", "indicator_passed": True}


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    draw_county()
    with in_use():
        yield


@pytest.fixture
def clinician() -> User:
    return account("clinician", (Role.CLINICIAN, "institution", "T1"))


@pytest.fixture
def technician() -> User:
    return account("technician", (Role.TECHNICIAN, "institution", "H1"))


@pytest.fixture
def pack(clinician: User) -> Case:
    return request_pack(clinician)


def request_pack(by: User, *, request_id: str = "", at: datetime = NOON) -> Case:
    parties = Parties(institution_id="T1", counterpart_id="H1")
    return open_case("sterile_supply", parties=parties, by=by, at=at, request_id=request_id or uuid4().hex,
                     data={"title": "换药包 3 个"})  # fmt: skip


def step(case: Case, name: str, by: Any, data: dict[str, Any] | None = None, *, at: datetime = NOON) -> CaseEvent:
    case.refresh_from_db()
    return take(case, name, by=by, at=at, request_id=uuid4().hex, data=data)


def traces() -> tuple[int, int, int]:
    audited = AuditRecord.objects.filter(action="case_step").count()
    return CaseEvent.objects.count(), CaseStepFact.objects.count(), audited


def test_opening_writes_the_case_one_event_one_fact_and_one_audit_record(pack: Case) -> None:
    stored = Case.objects.get()
    assert (stored.state, stored.version, stored.opener.username, stored.title) == (
        "requested", 1, "clinician", "换药包 3 个")  # fmt: skip
    assert traces() == (1, 1, 1)


def test_a_step_moves_the_case_and_leaves_exactly_one_of_every_trace(pack: Case, technician: User) -> None:
    event = step(pack, "collect", technician)
    pack.refresh_from_db()
    assert (pack.state, pack.version) == ("collected", 2)
    assert (event.from_state, event.to_state, event.role, event.institution_id) == (
        "requested", "collected", "technician", "H1")  # fmt: skip
    assert traces() == (2, 2, 2)


def test_a_case_goes_its_whole_way_and_is_closed(pack: Case, technician: User, clinician: User) -> None:
    resident("R1")
    step(pack, "collect", technician)
    step(pack, "fail", technician, {"reason": "湿包"})
    step(pack, "repeat", technician)
    step(pack, "sterilise", technician, PASSED)
    step(pack, "deliver", technician)
    step(pack, "use", clinician, {"resident": "R1"})
    pack.refresh_from_db()
    assert (pack.state, pack.resident_id, pack.due_at) == ("used", "R1", None)
    assert pack.closed_at is not None
    assert pack.title == "换药包 3 个(已贴标)"
    assert pack.payload == {"reason": "湿包", **PASSED}
    assert [event.step for event in timeline(pack)] == [
        "open", "collect", "fail", "repeat", "sterilise", "deliver", "use"]  # fmt: skip


def refused(case: Case, name: str, by: Any, data: dict[str, Any] | None = None, *, at: datetime = NOON) -> str:
    before, state = traces(), Case.objects.get(pk=case.pk).state
    with pytest.raises(NotAllowed) as refusal:
        step(case, name, by, data, at=at)
    assert (traces(), Case.objects.get(pk=case.pk).state) == (before, state), "a refusal must change nothing"
    return str(refusal.value)


def test_a_step_that_does_not_lead_out_of_the_state_is_refused_with_what_may_be_done(
    pack: Case, technician: User
) -> None:
    assert "处于“已申领”,不能“发放”" in refused(pack, "deliver", technician)
    assert "只能:回收、撤销" in refused(pack, "deliver", technician)
    assert "不能“fly”" in refused(pack, "fly", technician)


def test_a_closed_case_takes_no_more_steps(pack: Case, clinician: User, technician: User) -> None:
    step(pack, "cancel", clinician, {"reason": "重复申领"})
    assert "已办结(已撤销)" in refused(pack, "collect", technician)


def test_the_wrong_role_is_told_whose_step_it_is(pack: Case, clinician: User) -> None:
    assert "应由技师办理,您的岗位是临床医生" in refused(pack, "collect", clinician)
    assert "您的岗位是未授权" in refused(pack, "collect", account("nobody"))


def test_the_right_role_at_the_wrong_institution_is_refused(pack: Case) -> None:
    elsewhere = account("other", (Role.TECHNICIAN, "institution", "H2"))
    assert "承接方办理,不在您的管辖范围" in refused(pack, "collect", elsewhere)
    at_the_member = account("member", (Role.TECHNICIAN, "institution", "T1"))
    assert "承接方办理" in refused(pack, "collect", at_the_member)


def test_an_account_switched_off_in_between_is_refused(pack: Case, technician: User) -> None:
    User.objects.filter(pk=technician.pk).update(is_active=False)
    assert "应由技师办理" in refused(pack, "collect", fresh(technician))


def test_what_must_be_filled_in_is_asked_for_by_its_label(pack: Case, technician: User) -> None:
    step(pack, "collect", technician)
    assert "请填写:灭菌批次、指示卡合格" in refused(pack, "sterilise", technician)
    assert "请填写:灭菌批次" in refused(pack, "sterilise", technician, {"batch": "", "indicator_passed": "是"})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"indicator_passed": "maybe"}, "“指示卡合格”的值 'maybe' 不对"),
        ({"cycles": "many"}, "“循环次数”的值 'many' 不对"),
        ({"cycles": 1.5}, "请填写整数"),
        ({"cycles": 4}, "应在 1 到 3 之间"),
        ({"state": "used"}, "这一步没有字段:state"),
    ],
)
def test_a_value_that_is_not_what_its_field_is_is_refused(
    wrong: dict[str, Any], told: str, pack: Case, technician: User
) -> None:
    step(pack, "collect", technician)
    assert told in refused(pack, "sterilise", technician, {**PASSED, **wrong})


def test_the_guard_refuses_with_its_reason_and_its_rule(pack: Case, technician: User) -> None:
    step(pack, "collect", technician)
    told = refused(pack, "sterilise", technician, {**PASSED, "indicator_passed": "否"})
    assert "指示卡未通过" in told
    assert "规则 sterile_supply.indicator" in told


def test_who_acts_on_what_is_no_longer_so_is_told_to_look_again(pack: Case, clinician: User, technician: User) -> None:
    seen = Case.objects.get(pk=pack.pk)
    step(pack, "collect", technician)
    with pytest.raises(NotAllowed, match="已过时"):
        take(seen, "cancel", by=clinician, at=NOON, request_id="r", data={"reason": "重复"})


def test_a_step_dated_before_the_case_came_into_its_state_is_refused(pack: Case, technician: User) -> None:
    assert "早于" in refused(pack, "collect", technician, at=NOON - timedelta(minutes=1))


def test_the_same_request_again_does_nothing_and_answers_the_same(pack: Case, technician: User) -> None:
    first = take(pack, "collect", by=technician, at=NOON, request_id="once")
    again = take(pack, "collect", by=technician, at=NOON + timedelta(hours=1), request_id="once")
    assert first.pk == again.pk
    assert traces() == (2, 2, 2)


def test_opening_again_with_the_same_request_gives_the_same_case(clinician: User) -> None:
    assert request_pack(clinician, request_id="once").pk == request_pack(clinician, request_id="once").pk
    assert Case.objects.count() == 1


def test_a_request_id_cannot_serve_for_something_else(pack: Case, technician: User, clinician: User) -> None:
    take(pack, "collect", by=technician, at=NOON, request_id="once")
    other = request_pack(clinician)
    for case, name in ((other, "collect"), (pack, "fail")):
        with pytest.raises(NotAllowed, match="另一次办理"):
            take(case, name, by=technician, at=NOON, request_id="once", data={"reason": "x"})


def test_who_may_not_open_a_case_there_is_refused(technician: User, clinician: User) -> None:
    for by in (technician, account("elsewhere", (Role.CLINICIAN, "institution", "T2"))):
        with pytest.raises(NotAllowed, match="应由临床医生在本机构发起"):
            request_pack(by)
    with pytest.raises(NotAllowed, match="不能是同一家"):
        open_case("sterile_supply", parties=Parties("T1", "T1"), by=clinician, at=NOON, request_id="r")
    with pytest.raises(NotAllowed, match="没有启用流程"):
        open_case("alchemy", parties=Parties("T1", "H1"), by=clinician, at=NOON, request_id="r")
    assert traces() == (0, 0, 0)


def test_buttons_are_the_steps_that_would_not_be_refused(pack: Case, clinician: User, technician: User) -> None:
    assert [found.name for found in steps_for(pack, by=clinician, at=NOON)] == ["cancel"]
    assert [found.name for found in steps_for(pack, by=technician, at=NOON)] == ["collect"]
    assert not can_step(pack, "collect", by=clinician, at=NOON)
    declared, actor = check_step(pack, "collect", by=technician, at=NOON)
    assert (declared.name, actor.role) == ("collect", "technician")


def test_a_step_is_due_by_its_rule_and_late_after_it(pack: Case, technician: User, clinician: User) -> None:
    due = county_rules().find(DEADLINE, on=NOON.date()).after(NOON)
    assert Case.objects.get().due_at == due
    on_time, late = request_pack(clinician), pack
    assert not step(on_time, "collect", technician, at=due).late
    event = step(late, "collect", technician, at=due + timedelta(seconds=1))
    assert event.late
    assert event.due_at == due
    assert set(CaseStepFact.objects.filter(step="collect").values_list("late", flat=True)) == {True, False}


def test_an_overdue_case_is_escalated_to_both_managers_once(pack: Case) -> None:
    managers = {account(f"m{i}", (Role.MANAGER, "institution", i)).pk for i in ("T1", "H1")}
    account("stranger", (Role.MANAGER, "institution", "H2"))
    due = Case.objects.get().due_at
    assert escalate_overdue(at=due) == 0
    assert escalate_overdue(at=due + timedelta(minutes=1)) == 1
    assert escalate_overdue(at=due + timedelta(days=9)) == 0
    assert {notice.user_id for notice in Notice.objects.filter(kind="overdue")} == managers


def test_an_overdue_case_of_the_county_is_told_to_those_who_may_act_and_without_any_to_the_bureau(
    pack: Case,
) -> None:
    Case.objects.update(institution=None, counterpart=None)
    bureau = account("bureau", (Role.BUREAU, "county", None))
    late = Case.objects.get().due_at + timedelta(minutes=1)
    assert escalate_overdue(at=late) == 1
    assert {notice.user_id for notice in Notice.objects.filter(kind="overdue")} == {bureau.pk}
    Case.objects.update(escalated_at=None)
    everywhere = account("everywhere", (Role.TECHNICIAN, "county", None))
    assert escalate_overdue(at=late) == 1
    assert Notice.objects.filter(kind="overdue").last().user_id == everywhere.pk


def test_whom_the_case_waits_for_is_told_and_who_acted_is_not(clinician: User, technician: User) -> None:
    pack = request_pack(clinician)
    assert set(Notice.objects.values_list("user__username", "subject")) == {("technician", f"case:{pack.pk}")}


def test_the_system_takes_only_the_steps_declared_for_it(pack: Case) -> None:
    assert "应由技师办理" in refused(pack, "collect", SYSTEM_ACTOR)


def test_a_case_of_another_institution_does_not_exist_for_one(pack: Case, clinician: User, technician: User) -> None:
    stranger = account("stranger", (Role.TECHNICIAN, "institution", "H2"))
    pharmacist = account("pharmacist", (Role.PHARMACIST, "institution", "T1"))
    manager = account("manager", (Role.MANAGER, "consortium", "H1"))
    seen = {
        user.username: visible_cases(user).exists() for user in (clinician, technician, manager, stranger, pharmacist)
    }
    assert seen == {"clinician": True, "technician": True, "manager": True, "stranger": False, "pharmacist": False}
    assert open_for(manager, case_id=pack.pk).pk == pack.pk
    with pytest.raises(Http404):
        open_for(stranger, case_id=pack.pk)


def test_the_work_lists_hold_what_they_say(clinician: User, technician: User) -> None:
    late, new = request_pack(clinician, at=NOON - timedelta(days=60)), request_pack(clinician)
    done = request_pack(clinician)
    step(done, "cancel", clinician, {"reason": "重复"})

    def listed(user: User, which: WorkList) -> list[str]:
        return list(work_list(user, which=which, at=NOON).values_list("pk", flat=True))

    assert listed(technician, WorkList.TO_DO) == [late.pk, new.pk]
    assert listed(technician, WorkList.OVERDUE) == [late.pk]
    assert listed(technician, WorkList.MINE) == []
    assert listed(clinician, WorkList.MINE) == [late.pk, new.pk]
    assert set(listed(clinician, WorkList.ALL)) == {late.pk, new.pk, done.pk}
    assert listed(clinician, WorkList.TO_DO) == [late.pk, new.pk]


def test_reading_a_persons_case_is_audited(pack: Case, clinician: User, technician: User) -> None:
    resident("R1")
    Case.objects.update(resident_id="R1")
    open_for(clinician, case_id=pack.pk)
    assert AuditRecord.objects.filter(action="read_case", actor="clinician", resident_id="R1").count() == 1


def test_an_open_case_is_a_relationship_with_the_person_and_a_closed_one_is_not(pack: Case, clinician: User) -> None:
    resident("R1")
    Case.objects.update(resident_id="R1")
    assert basis_of(fresh(clinician), "R1").kind == "open_case"
    step(pack, "cancel", clinician, {"reason": "重复"})
    assert basis_of(fresh(clinician), "R1") is None


def test_who_cares_for_a_person_sees_their_case_elsewhere_and_who_only_pays_does_not(pack: Case) -> None:
    resident("R1")
    Case.objects.update(resident_id="R1")
    elsewhere = account("elsewhere", (Role.CLINICIAN, "institution", "H2"))
    with pytest.raises(Http404):
        open_for(elsewhere, case_id=pack.pk)
    Consent.objects.create(resident_id="R1", user=elsewhere, given_at=NOON, evidence="纸质")
    assert open_for(fresh(elsewhere), case_id=pack.pk).pk == pack.pk


def test_facts_wait_for_the_lake_in_the_dictionarys_columns_and_leave_once(pack: Case, technician: User) -> None:
    step(pack, "collect", technician)
    table, ids = buffer.waiting()
    assert table.column("step").to_pylist() == ["open", "collect"]
    assert table.column("from_state").to_pylist() == [None, "requested"]
    buffer.mark_synced(ids, at=NOON)
    assert buffer.waiting()[0].num_rows == 0


def test_a_workflow_whose_guard_nobody_bound_is_not_used() -> None:
    with pytest.raises(ValueError, match="batch_passed"):
        bind(Binding(STERILE_SUPPLY, effects=BOUND["effects"]))
