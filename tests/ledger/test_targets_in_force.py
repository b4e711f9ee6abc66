"""A confirmed target while its document stands: written as a rule, taken back, measured by another indicator."""

from datetime import date, timedelta
from typing import Any

import pytest

from ledger import papers
from yigongti.capabilities.ledger.models import PolicyDocument, Target
from yigongti.capabilities.ledger.selectors import tasks
from yigongti.capabilities.ledger.services import reviewing
from yigongti.capabilities.ledger.services.measuring import measure_by
from yigongti.capabilities.ledger.services.rule_ending import take_back
from yigongti.capabilities.ledger.services.rule_writing import write_rule
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, PolicyError, Refusal
from yigongti.spine.county_rules import county_rules

pytestmark = pytest.mark.django_db

COVERAGE = "measure.target.key_group_contract_coverage"


def coverage_of(document: PolicyDocument) -> Target:
    return Target.objects.get(clause__document=document, indicator="key_group_contract_coverage")


def in_force_tomorrow() -> Any:
    return county_rules().rules[COVERAGE].in_force(on=clock.today() + timedelta(days=1))


def test_a_rule_is_taken_back_from_tomorrow_on_and_may_be_written_anew(bureau):
    target = coverage_of(papers.enforced(bureau))
    write_rule(target, by=bureau, at=clock.now())
    target.refresh_from_db()
    take_back(target, reason="写错了", by=bureau, at=clock.now())
    assert county_rules().find(COVERAGE, on=clock.today()).pack == "own"
    later = in_force_tomorrow()
    assert later is None or later.pack != "own"
    target.refresh_from_db()
    assert target.rule_id == ""
    with clock.at(clock.today() + timedelta(days=3)):
        write_rule(target, effective_from=clock.today(), by=bureau, at=clock.now())
        assert county_rules().find(COVERAGE, on=clock.today()).number == 0.8


def test_a_target_is_written_once(bureau):
    target = coverage_of(papers.enforced(bureau))
    write_rule(target, by=bureau, at=clock.now())
    target.refresh_from_db()
    with pytest.raises(Refusal, match="已写成规则"):
        write_rule(target, by=bureau, at=clock.now())


def test_what_is_written_for_an_earlier_day_says_which_value_holds_today(bureau):
    former, later = papers.enforced(bureau), papers.enforced(bureau, text=papers.LATER)
    write_rule(coverage_of(later), effective_from=date(2025, 2, 1), by=bureau, at=clock.now())
    written = write_rule(coverage_of(former), by=bureau, at=clock.now())
    assert (written.text, written.holds.text, written.holds.source.number) == ("≥80%", "≥85%", "甲府办〔2024〕21号")


def test_taking_back_a_rule_leaves_the_value_that_another_document_set(bureau):
    former, later = papers.enforced(bureau), papers.enforced(bureau, text=papers.LATER)
    write_rule(coverage_of(later), effective_from=date(2025, 2, 1), by=bureau, at=clock.now())
    write_rule(coverage_of(former), by=bureau, at=clock.now())
    take_back(coverage_of(former), reason="以新文件为准", by=bureau, at=clock.now())
    assert in_force_tomorrow().number == 0.85


def test_a_rule_is_taken_back_wherever_its_value_stands_in_the_file(bureau):
    former, later = papers.enforced(bureau), papers.enforced(bureau, text=papers.LATER)
    write_rule(coverage_of(later), effective_from=date(2025, 2, 1), by=bureau, at=clock.now())
    write_rule(coverage_of(former), by=bureau, at=clock.now())
    take_back(coverage_of(later), reason="写错了", by=bureau, at=clock.now())
    version = in_force_tomorrow()
    assert version is None or version.pack != "own"
    assert county_rules().find(COVERAGE, on=clock.today()).number == 0.85
    assert county_rules().find(COVERAGE, on=date(2025, 1, 1)).number == 0.8


@pytest.mark.parametrize("rule_id", ["Bad Id", "measure/../../x", "..", "a", "registry.target.社区医院"])
def test_what_cannot_be_a_rules_id_writes_no_file(bureau, rule_id):
    target = coverage_of(papers.enforced(bureau))
    with pytest.raises(PolicyError, match="不能作规则编号"):
        write_rule(target, rule_id=rule_id, by=bureau, at=clock.now())
    target.refresh_from_db()
    assert target.rule_id == ""


def test_what_measures_a_target_is_chosen_anew_while_its_document_stands(bureau, somebody):
    document = papers.enforced(bureau)
    target = coverage_of(document)
    start = {"baseline": 0.6, "baseline_on": date(2024, 1, 1)}
    measure_by(target, "contract_coverage", **start, by=bureau, at=clock.now())
    target.refresh_from_db()
    assert (target.indicator, target.baseline) == ("contract_coverage", 0.6)
    with pytest.raises(NotAllowed, match="卫生健康局"):
        measure_by(target, "", baseline=None, baseline_on=None, by=somebody("manager"), at=clock.now())
    papers.move(document, "withdraw", by=bureau, reason="已失效")
    with pytest.raises(NotAllowed, match="不在执行"):
        measure_by(target, "", baseline=None, baseline_on=None, by=bureau, at=clock.now())


def test_an_indicator_in_another_unit_is_refused_with_both_units(bureau):
    target = Target.objects.filter(clause__document=papers.taken_in(bureau), unit="%").get()
    names = reviewing.TargetValues.__dataclass_fields__
    said = reviewing.TargetValues(**{name: getattr(target, name) for name in names} | {"indicator": "nurses_per_1000"})
    with pytest.raises(Refusal, match="单位不同"):
        reviewing.correct_target(target, said, by=bureau, at=clock.now())


def test_the_heading_may_be_completed_until_a_rule_cites_the_document(bureau):
    document = papers.enforced(bureau)
    heading = reviewing.Heading(document.title, "county", document.number, "甲县人民政府", date(2024, 6, 3))
    reviewing.describe_document(document, heading, by=bureau, at=clock.now())
    write_rule(coverage_of(document), by=bureau, at=clock.now())
    document = PolicyDocument.objects.get(pk=document.pk)
    assert county_rules().documents[document.rule_source].issued_on == date(2024, 6, 3)
    with pytest.raises(Refusal, match="规则引用"):
        reviewing.describe_document(document, heading, by=bureau, at=clock.now())


def test_a_manager_sees_first_what_the_own_institution_owes(bureau, hospital, somebody):
    document = papers.enforced(bureau)
    task = papers.task_of(document, "(三)")
    papers.move(task, "assign", by=bureau, counterpart="H1")
    manager = somebody("manager", at="H1")
    known = [name for name, _count in tasks.units(manager)]
    assert tasks.own_units(manager, known) == ["甲县人民医院"]
    assert [each.pk for each in tasks.of_unit(tasks.tasks(manager), "甲县人民医院")] == [task.pk]
