"""The demonstration county's policy ledger: two invented documents, reviewed and in force, some tasks under way."""

from pathlib import Path
from typing import Any

from django.db import transaction

from yigongti.capabilities.ledger.models import PolicyDocument, PolicyTask, Target, Verdict
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.capabilities.ledger.services.reviewing import confirm_certain, decide_target
from yigongti.capabilities.ledger.services.tasks import Paper, report_progress
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.engine import take
from yigongti.spine.places.models import Institution

POLICY = Path(__file__).with_name("policy")
DOCUMENTS = {"city.txt": "2024-09-05", "county.txt": "2025-01-20"}
"""File → the day from which it is in force."""

UNDER_WAY = {
    "优化就医格局": "按片区下沉专家门诊,每月通报各镇诊疗量",
    "做实家庭医生签约": "组建签约团队,入户核对重点人群名册",
    "加强慢性病管理": "每季度面对面随访,缺访名单到人",
}
"""Heading of a task that has been started → its plan."""
GIVEN = "建强共享中心"
"""Heading of the task that is given to the county's first lead hospital."""
REPORTED = {"做实家庭医生签约": "已完成重点人群名册核对,新签约居民正在建档"}
"""Heading of a task that has been reported on → what was said."""


@transaction.atomic
def fill_ledger(by: Any) -> int:
    """Take both documents through the ledger as the bureau's account would; returns how many tasks there are."""
    for name, begun in DOCUMENTS.items():
        for document in import_file((POLICY / name).read_bytes(), name=name, by=by, at=clock.now()):
            _put_in_force(document, begun, by)
    lead = Institution.objects.filter(is_lead=True, in_county=True).order_by("pk").first()
    if lead is not None:
        _move(_task(GIVEN), "assign", by, counterpart=lead.pk)
    for heading, plan in UNDER_WAY.items():
        _move(_task(heading), "start", by, plan=plan)
    for heading, text in REPORTED.items():
        papers = [Paper("名册核对说明.txt", f"{text}。".encode())]
        report_progress(_task(heading), text, papers=papers, by=by, at=clock.now(), request_id=new_id())
    return int(PolicyTask.objects.count())


def _task(heading: str) -> PolicyTask:
    found: PolicyTask = PolicyTask.objects.get(clause__heading__contains=heading)
    return found


def _put_in_force(document: PolicyDocument, begun: str, by: Any) -> None:
    confirm_certain(document, by=by, at=clock.now())
    for target in Target.objects.filter(clause__document=document, verdict=Verdict.UNREAD):
        decide_target(target, Verdict.CONFIRMED, by=by, at=clock.now())
    _move(PolicyDocument.objects.get(pk=document.pk), "confirm", by)
    _move(PolicyDocument.objects.get(pk=document.pk), "enforce", by, in_force_from=begun)


def _move(case: PolicyDocument | PolicyTask, step: str, by: Any, **data: str) -> None:
    take(case, step, by=by, at=clock.now(), request_id=new_id(), data=data)
