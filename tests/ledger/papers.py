"""An invented policy document, taken through the ledger; and numbers measured for its targets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yigongti.capabilities.ledger.models import PolicyDocument, PolicyTask, Target, Verdict
from yigongti.capabilities.ledger.services import reviewing
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.engine import take

PLAN = """甲县基层医疗卫生服务能力提升实施方案
甲府办〔2024〕9号
甲县人民政府办公室
2024年6月1日
为提升全县基层医疗卫生服务能力,制定本方案。
一、主要任务
(一)健全家庭医生制度。规范签约服务流程,做实签约内涵。到2027年,家庭医生签约服务重点人群覆盖率达到80%。牵头单位:县卫生健康局;配合单位:县医保局。
(二)扩充精神卫生力量。到2026年,全县每10万常住人口精神科执业(助理)医师数达到6名。责任单位:县卫生健康局、县人力社保局。
(三)加强组织领导。各单位要明确分工,定期会商,确保任务落实。责任单位:县卫生健康局。
"""
LATER = PLAN.replace("9号", "21号").replace("2024年6月1日", "2025年2月1日").replace("达到80%", "达到85%")


def taken_in(by: Any, *, text: str = PLAN) -> PolicyDocument:
    """The document as a draft."""
    return import_file(text.encode(), name="plan.txt", by=by, at=clock.now())[0]


def confirmed(by: Any, *, text: str = PLAN) -> PolicyDocument:
    """The document with everything confirmed."""
    document = taken_in(by, text=text)
    reviewing.confirm_certain(document, by=by, at=clock.now())
    for target in Target.objects.filter(clause__document=document, verdict=Verdict.UNREAD):
        reviewing.decide_target(target, Verdict.CONFIRMED, by=by, at=clock.now())
    move(document, "confirm", by=by)
    return PolicyDocument.objects.get(pk=document.pk)


def enforced(by: Any, *, text: str = PLAN) -> PolicyDocument:
    """The document in force, with its tasks."""
    document = confirmed(by, text=text)
    move(document, "enforce", by=by, in_force_from="2024-06-01")
    return PolicyDocument.objects.get(pk=document.pk)


def move(case: Any, step: str, *, by: Any, **data: Any) -> None:
    """Take a step of a document or task as it is stored now."""
    stored = type(case).objects.get(pk=case.pk)
    take(stored, step, by=by, at=clock.now(), request_id=new_id(), data=data)


def task_of(document: PolicyDocument, number: str) -> PolicyTask:
    """The task of the clause whose number ends so."""
    return PolicyTask.objects.get(clause__document=document, clause__number__endswith=number, closed_at=None)


def measured(
    values: Mapping[str, list[tuple[str, float]]], *, up_to: date, kind: str = "refresh", since: date | None = None
) -> None:
    """A run: indicator → its values by month; the last is the value of the period."""
    from yigongti.capabilities.measure.models import Run, Value

    run = Run.objects.create(
        kind=kind, period_start=since or date(up_to.year - 1, up_to.month, 1), period_end=up_to, rule_sets=[{}],
        trend_start=date(up_to.year - 1, up_to.month, 1), code_version="test", result_hash="",
    )  # fmt: skip
    for indicator, months in values.items():
        Value.objects.create(
            run=run, indicator=indicator, level="county", period_start=run.period_start, period_end=up_to,
            numerator=1.0, denominator=2.0, value=months[-1][1], rule_set=0,
            months=[[month, 1.0, 2.0, value, None, None] for month, value in months],
        )  # fmt: skip
