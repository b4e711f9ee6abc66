"""A document from file to end, its tasks from planned to closed, and the rules written from its targets."""

from datetime import date, timedelta
from typing import Any

import pytest

from ledger import papers
from yigongti.capabilities.ledger.models import (
    Content,
    Evidence,
    PolicyDocument,
    PolicyTask,
    SourceFile,
    Target,
    Verdict,
)
from yigongti.capabilities.ledger.selectors import documents, tasks
from yigongti.capabilities.ledger.selectors.reports import report
from yigongti.capabilities.ledger.services import reviewing
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.capabilities.ledger.services.rule_writing import write_rule
from yigongti.capabilities.ledger.services.tasks import Paper, carry_over, name_services, report_progress
from yigongti.kernel import clock
from yigongti.kernel.errors import FileRefused, NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.periods import parse
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.models import CaseEvent
from yigongti.spine.county_rules import county_rules

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def test_a_file_is_kept_as_it_came_and_its_readings_wait_as_drafts(bureau):
    document = papers.taken_in(bureau)
    assert bytes(document.file.content.data) == papers.PLAN.encode()
    assert (document.state, document.number, document.level) == ("draft", "甲府办〔2024〕9号", "county")
    assert set(document.clauses.values_list("verdict", flat=True)) == {Verdict.UNREAD}
    assert not PolicyTask.objects.exists()


def test_units_and_targets_come_with_the_indicator_that_clearly_fits(bureau):
    document = papers.taken_in(bureau)
    first = document.clauses.get(number__endswith="(一)", targets__isnull=False)
    assert [(unit.name, unit.part) for unit in first.units.all()] == [("县卫生健康局", "lead"), ("县医保局", "support")]
    target = first.targets.get()
    assert (target.value, target.unit, target.due, target.indicator) == (80, "%", "2027", "key_group_contract_coverage")


def test_the_same_file_and_the_same_document_are_refused_the_second_time(bureau):
    papers.taken_in(bureau)
    with pytest.raises(Refusal, match="已经在台账里"):
        papers.taken_in(bureau)
    with pytest.raises(Refusal, match="已经在台账里"):
        papers.taken_in(bureau, text=papers.PLAN + "\n")
    assert SourceFile.objects.count() == 1


def test_a_discarded_draft_may_come_again(bureau):
    papers.move(papers.taken_in(bureau), "discard", by=bureau, reason="读错了")
    assert papers.taken_in(bureau).state == "draft"
    assert Content.objects.count() == 1


def test_only_the_bureau_imports_and_reviews(bureau, somebody):
    insurer = somebody("insurer")
    with pytest.raises(NotAllowed):
        papers.taken_in(insurer)
    assert not SourceFile.objects.exists()
    target = Target.objects.filter(clause__document=papers.taken_in(bureau)).first()
    with pytest.raises(NotAllowed):
        reviewing.decide_target(target, Verdict.CONFIRMED, by=insurer, at=clock.now())


def test_a_document_is_confirmed_only_when_every_reading_is_decided(bureau):
    document = papers.taken_in(bureau)
    with pytest.raises(NotAllowed, match="没有核对"):
        papers.move(document, "confirm", by=bureau)
    assert PolicyDocument.objects.get().state == "draft"


def test_an_unsure_reading_is_not_confirmed_with_the_rest(bureau):
    document = papers.taken_in(bureau)
    doubtful = Target.objects.filter(clause__document=document).first()
    Target.objects.filter(pk=doubtful.pk).update(unsure="单位不明")
    reviewing.confirm_certain(document, by=bureau, at=clock.now())
    assert [each.pk for each in Target.objects.filter(verdict=Verdict.UNREAD)] == [doubtful.pk]


def values(target: Target, **changed: Any) -> reviewing.TargetValues:
    names = reviewing.TargetValues.__dataclass_fields__
    return reviewing.TargetValues(**{name: getattr(target, name) for name in names} | changed)


def test_a_corrected_target_keeps_what_the_machine_read_and_who_corrected_it(bureau):
    target = Target.objects.filter(clause__document=papers.taken_in(bureau), unit="%").get()
    reviewing.correct_target(target, values(target, value=82.0), by=bureau, at=clock.now())
    target.refresh_from_db()
    assert (target.value, target.reading["value"], target.decided_by) == (82.0, 80, bureau)
    assert AuditRecord.objects.filter(action="correct_target").count() == 1


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"quote": "原文里没有的话"}, "原文里没有"),
        ({"due": "后年"}, "期限"),
        ({"upper": 10.0}, "上限"),
        ({"indicator": "no_such_indicator"}, "没有指标"),
        ({"baseline": 0.5}, "基期"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(bureau, changed, what):
    target = Target.objects.filter(clause__document=papers.taken_in(bureau), unit="%").get()
    with pytest.raises(Refusal, match=what):
        reviewing.correct_target(target, values(target, **changed), by=bureau, at=clock.now())


def test_a_confirmed_document_is_not_corrected_any_more(bureau):
    target = Target.objects.filter(clause__document=papers.confirmed(bureau)).first()
    with pytest.raises(NotAllowed, match="不能再改"):
        reviewing.decide_target(target, Verdict.REJECTED, by=bureau, at=clock.now())


def test_tasks_exist_once_a_document_is_in_force_due_with_their_targets(bureau):
    document = papers.confirmed(bureau)
    assert not PolicyTask.objects.exists()
    papers.move(document, "enforce", by=bureau, in_force_from="2024-06-01")
    assert papers.task_of(document, "(一)").due_on == date(2027, 12, 31)
    assert PolicyTask.objects.filter(clause__document=document).count() == 3


def test_the_light_comes_from_the_measured_number_not_from_what_was_reported(bureau):
    document = papers.enforced(bureau)
    task = papers.task_of(document, "(一)")
    papers.measured({"key_group_contract_coverage": [("2024-06", 0.40), ("2025-02", 0.45)]}, up_to=date(2025, 2, 28))
    papers.move(task, "start", by=bureau, plan="分片包干")
    report_progress(fresh(task), "已经全部完成", by=bureau, at=clock.now(), request_id=new_id())
    row = tasks.rows([fresh(task)], on=clock.today())[0]
    assert (row.light, row.figures[0].standing.why) == ("amber", "behind")
    papers.move(task, "check", by=bureau, opinion="属实")
    with pytest.raises(NotAllowed, match="监测结果"):
        papers.move(task, "close", by=bureau, outcome="achieved", reason="已完成")


def fresh(task: PolicyTask) -> PolicyTask:
    return PolicyTask.objects.get(pk=task.pk)


def test_a_task_runs_from_planned_to_closed_with_evidence(bureau):
    task = papers.task_of(papers.enforced(bureau), "(三)")
    papers.move(task, "start", by=bureau, plan="每季度会商")
    request = new_id()
    for _again in range(2):
        report_progress(
            fresh(task),
            "已会商两次",
            papers=[Paper("纪要.pdf", b"%PDF-1.7 x")],
            by=bureau,
            at=clock.now(),
            request_id=request,
        )
    assert Evidence.objects.count() == 1
    papers.move(task, "send_back", by=bureau, reason="缺签到表")
    report_progress(fresh(task), "已补签到表", by=bureau, at=clock.now(), request_id=new_id())
    papers.move(task, "check", by=bureau, opinion="属实")
    papers.move(task, "close", by=bureau, outcome="ended", reason="已形成制度")
    assert fresh(task).state == "closed"
    assert [event.step for event in CaseEvent.objects.filter(case=task.pk)] == [
        "open", "start", "report", "send_back", "report", "check", "close",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00program", b"\x7fELF"])
def test_a_program_or_an_empty_file_is_no_evidence(bureau, data):
    task = papers.task_of(papers.enforced(bureau), "(三)")
    papers.move(task, "start", by=bureau, plan="会商")
    with pytest.raises(FileRefused):
        report_progress(
            fresh(task), "完成", papers=[Paper("纪要.docx", data)], by=bureau, at=clock.now(), request_id=new_id()
        )
    assert fresh(task).state == "under_way"


def test_a_task_given_to_an_institution_is_its_managers_to_do_and_nobody_elses_to_see(bureau, hospital, somebody):
    task = papers.task_of(papers.enforced(bureau), "(三)")
    manager = somebody("manager", at="H1")
    assert not tasks.tasks(manager).exists()
    papers.move(task, "assign", by=bureau, counterpart="H1")
    assert [each.pk for each in tasks.tasks(manager)] == [task.pk]
    papers.move(task, "start", by=manager, plan="院内落实")
    with pytest.raises(NotAllowed):
        papers.move(task, "withdraw", by=manager, reason="不想做")


def test_an_unknown_institution_is_given_nothing(bureau):
    task = papers.task_of(papers.enforced(bureau), "(三)")
    with pytest.raises(NotAllowed, match="没有编号"):
        papers.move(task, "assign", by=bureau, counterpart="nowhere")


def test_a_task_is_carried_over_to_one_that_goes_on(bureau):
    task = papers.task_of(papers.enforced(bureau), "(二)")
    later = papers.enforced(bureau, text=papers.LATER)
    clause = papers.task_of(later, "(二)").clause
    successor = carry_over(task, clause, reason="并入新方案", by=bureau, at=clock.now(), request_id=new_id())
    assert fresh(task).state == "carried_over"
    assert fresh(task).carried_to == successor == papers.task_of(later, "(二)")


def test_a_task_carried_over_within_its_document_gets_a_new_one(bureau):
    task = papers.task_of(papers.enforced(bureau), "(二)")
    successor = carry_over(task, task.clause, reason="下年继续", by=bureau, at=clock.now(), request_id=new_id())
    assert (successor.state, successor.clause_id, fresh(task).closed_at is not None) == (
        "planned",
        task.clause_id,
        True,
    )


def test_withdrawing_a_document_ends_its_tasks_and_keeps_its_history(bureau):
    document = papers.enforced(bureau)
    papers.move(document, "withdraw", by=bureau, reason="已失效")
    assert set(PolicyTask.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert document.clauses.exists()


def test_withdrawing_a_document_ends_the_rules_it_wrote_and_earlier_days_keep_them(bureau):
    document = papers.enforced(bureau)
    target = Target.objects.get(clause__document=document, indicator="key_group_contract_coverage")
    write_rule(target, by=bureau, at=clock.now())
    own = "measure.target.key_group_contract_coverage"
    assert county_rules().find(own, on=clock.today()).pack == "own"
    papers.move(document, "withdraw", by=bureau, reason="已失效")
    tomorrow = clock.today() + timedelta(days=1)
    assert county_rules().find(own, on=clock.today()).pack == "own"
    later = county_rules().rules[own].in_force(on=tomorrow)
    assert later is None or later.pack != "own"


def test_the_open_tasks_of_a_replaced_document_go_on_where_the_clause_is_the_same(bureau):
    former = papers.enforced(bureau)
    told = papers.LATER.replace(
        "(三)加强组织领导。各单位要明确分工,定期会商,确保任务落实。", "(三)推进中医药发展。建设中医馆。"
    )
    later = papers.enforced(bureau, text=told)
    papers.move(former, "replace", by=bureau, successor=later.pk, reason="修订")
    states = dict(PolicyTask.objects.filter(clause__document=former).values_list("clause__number", "state"))
    assert [state for _, state in sorted(states.items())] == ["carried_over", "planned", "carried_over"]
    assert PolicyTask.objects.filter(clause__document=later).count() == 3


def test_tasks_go_on_once_the_replacing_document_is_put_in_force(bureau):
    former = papers.enforced(bureau)
    later = papers.confirmed(bureau, text=papers.LATER)
    papers.move(former, "replace", by=bureau, successor=later.pk, reason="修订")
    assert set(PolicyTask.objects.values_list("state", flat=True)) == {"planned"}
    papers.move(later, "enforce", by=bureau, in_force_from="2025-02-01")
    assert set(PolicyTask.objects.filter(clause__document=former).values_list("state", flat=True)) == {"carried_over"}
    assert {each.carried_to.clause.document_id for each in PolicyTask.objects.filter(clause__document=former)} == {
        later.pk
    }


def test_a_document_is_replaced_only_by_another_that_stands(bureau):
    document = papers.enforced(bureau)
    draft = papers.taken_in(bureau, text=papers.LATER)
    for successor in (document.pk, draft.pk, "nothing"):
        with pytest.raises(NotAllowed, match="另一份"):
            papers.move(document, "replace", by=bureau, successor=successor, reason="修订")


def test_two_documents_that_set_a_target_differently_stand_side_by_side(bureau):
    papers.enforced(bureau)
    papers.enforced(bureau, text=papers.LATER)
    found = documents.different()
    assert [[target.value for target in each.targets] for each in found] == [[85, 80]]


def test_one_step_writes_a_confirmed_target_as_a_rule_that_cites_its_clause(bureau):
    document = papers.enforced(bureau)
    target = Target.objects.get(clause__document=document, indicator="key_group_contract_coverage")
    written = write_rule(target, by=bureau, at=clock.now())
    version = county_rules().find("measure.target.key_group_contract_coverage", on=clock.today())
    assert (written.text, version.number, version.due, version.pack) == ("≥80%", 0.8, date(2027, 12, 31), "own")
    assert version.source.number == "甲府办〔2024〕9号"
    assert written.path.read_text(encoding="utf-8").startswith("label:")


def test_a_second_rule_of_the_same_document_adds_its_clause_to_the_source(bureau):
    document = papers.enforced(bureau)
    for target in Target.objects.filter(clause__document=document).exclude(indicator=""):
        write_rule(target, by=bureau, at=clock.now())
    registered = county_rules().documents[PolicyDocument.objects.get(pk=document.pk).rule_source]
    assert len(registered.clauses) == 2


def test_a_target_of_a_draft_is_no_rule(bureau):
    target = Target.objects.filter(clause__document=papers.taken_in(bureau)).first()
    with pytest.raises(NotAllowed, match="没有确认"):
        write_rule(target, by=bureau, at=clock.now())


def test_the_report_tells_each_clause_with_state_figures_evidence_and_reasons(bureau):
    document = papers.enforced(bureau)
    papers.measured({"psychiatrists_per_100k": [("2025-01", 6.5), ("2025-02", 6.5)]}, up_to=date(2025, 2, 28))
    task = papers.task_of(document, "(三)")
    papers.move(task, "start", by=bureau, plan="会商")
    sent = [Paper("纪要.pdf", b"%PDF")]
    report_progress(fresh(task), "已会商", papers=sent, by=bureau, at=clock.now(), request_id=new_id())
    found = {line.number[-3:]: line for line in report(document, parse("2025H1"), user=bureau).clauses}
    assert found["(二)"].figures[0].light == "绿灯"
    assert (found["(三)"].state, found["(三)"].told[-1].papers) == ("已报送,待核查", ["纪要.pdf"])


def test_a_task_counts_the_closed_cases_of_the_workflows_it_names(bureau):
    document = papers.enforced(bureau)
    task = papers.task_of(document, "(三)")
    with pytest.raises(Refusal, match="没有流程"):
        name_services(task, ["no_such_workflow"], by=bureau, at=clock.now())
    name_services(task, ["policy_task"], by=bureau, at=clock.now())
    papers.move(papers.task_of(document, "(二)"), "withdraw", by=bureau, reason="试")
    assert tasks.services_done(fresh(task)) == [("policy_task", 1, 2)]


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00\x03" * 40, "今天天气很好。".encode(), bytes(range(128, 256)) * 30])
def test_what_is_no_policy_document_is_refused_and_nothing_is_stored(bureau, data):
    with pytest.raises(FileRefused) as refused:
        import_file(data, name="方案.docx", by=bureau, at=clock.now())
    assert refused.value.remedy
    assert not Content.objects.exists()
    assert not SourceFile.objects.exists()


def test_what_counts_for_a_task_is_kept_as_it_was_when_it_ended(bureau):
    papers.move(papers.enforced(bureau), "withdraw", by=bureau, reason="废止")
    task = PolicyTask.objects.first()
    with pytest.raises(Refusal, match="已经结束"):
        name_services(task, [], by=bureau, at=clock.now())
