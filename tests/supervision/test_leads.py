"""A lead from found to the end: who may do what, when, and where the money goes."""

from datetime import timedelta

import pytest

from yigongti.capabilities.supervision.models import Lead, RecoveryLine
from yigongti.capabilities.supervision.services.binding import balance_of
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.engine import Parties, open_case, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(places, insurer):
    data = {"detector": "report", "day": "2026-01-05", "amount_fen": 500_000, "title": "举报:重复收费"}
    return open_case("supervision_lead", parties=Parties(None, "H1"), by=insurer, at=clock.now(), request_id=new_id(),
                     data=data)  # fmt: skip


def go(lead, step, by, *, at=None, **data):
    lead.refresh_from_db()
    take(lead, step, by=by, at=at or clock.now(), request_id=new_id(), data=data)
    lead.refresh_from_db()
    return lead


@pytest.fixture
def answered(lead, insurer, somebody):
    go(lead, "assign", insurer, inspector="张三")
    go(lead, "ask", insurer, inquiry="病历与收费不符")
    return go(lead, "answer", somebody("manager", at="H1"), accepts="partly", answer="部分为录入错误")


@pytest.fixture
def violation(answered, insurer):
    return go(answered, "judge_violation", insurer, basis="15", judged_fen=300_000, reason="重复收费属实")


def test_the_institution_answers_before_it_is_judged(lead, insurer, somebody):
    go(lead, "assign", insurer, inspector="张三")
    with pytest.raises(NotAllowed, match="核查中"):
        go(lead, "judge_violation", insurer, basis="15", judged_fen=1, reason="")
    go(lead, "ask", insurer, inquiry="病历与收费不符")
    with pytest.raises(NotAllowed, match="不在您的管辖范围"):
        go(lead, "answer", somebody("manager", at="H2"), accepts="no", answer="与我无关")
    assert go(lead, "answer", somebody("manager", at="H1"), accepts="yes", answer="属实").state == "answered"


def test_who_does_not_answer_in_time_is_judged_all_the_same(lead, insurer):
    go(lead, "assign", insurer, inspector="张三")
    go(lead, "ask", insurer, inquiry="病历与收费不符")
    with pytest.raises(NotAllowed, match="申辩期限未到"):
        go(lead, "pass_over", insurer, reason="未申辩")
    late = clock.now() + timedelta(days=11)
    assert go(lead, "pass_over", insurer, at=late, reason="未申辩").state == "answered"


def test_a_lead_that_proves_nothing_is_cleared(answered, insurer):
    assert go(answered, "clear", insurer, reason="属病情需要").state == "cleared"
    assert balance_of(answered.pk).judged == 0


def test_the_money_comes_back_in_parts_and_closes_the_lead(violation, insurer):
    go(violation, "receive", insurer, received_fen=100_000)
    with pytest.raises(NotAllowed, match="没有退回"):
        go(violation, "finish", insurer)
    go(violation, "reduce", insurer, reduced_fen=50_000, reason="复核:5 笔有医嘱")
    go(violation, "receive", insurer, received_fen=150_000)
    assert go(violation, "finish", insurer).state == "recovered"
    sums = balance_of(violation.pk)
    assert (sums.judged, sums.reduced, sums.recovered, sums.outstanding) == (300_000, 50_000, 250_000, 0)


def test_no_more_comes_back_than_is_owed(violation, insurer):
    with pytest.raises(NotAllowed, match="超过尚未退回"):
        go(violation, "receive", insurer, received_fen=300_001)
    with pytest.raises(NotAllowed, match="超过尚未退回"):
        go(violation, "reduce", insurer, reduced_fen=300_001, reason="复核")
    assert RecoveryLine.objects.filter(lead=violation).count() == 1


def test_what_cannot_be_had_is_written_off_with_its_reason(violation, insurer):
    go(violation, "receive", insurer, received_fen=100_000)
    go(violation, "write_off", insurer, reason="机构已注销")
    sums = balance_of(violation.pk)
    assert (sums.written_off, sums.outstanding) == (200_000, 0)
    assert RecoveryLine.objects.get(lead=violation, entry="written_off").note == "机构已注销"


def test_a_suspicion_may_be_judged_later(answered, insurer):
    go(answered, "judge_suspicious", insurer, reason="证据不足")
    assert go(answered, "judge_violation", insurer, basis="40", judged_fen=1, reason="新证据").state == "violation"


def test_an_auditor_looks_and_does_not_touch(lead, somebody):
    with pytest.raises(NotAllowed, match="审计员"):
        go(lead, "assign", somebody("auditor"), inspector="张三")
    assert Lead.objects.get().state == "found"
