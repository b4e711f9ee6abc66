"""Sending a patient: the case is opened, checked against the criteria and sent in one transaction, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.referral.decisions.criteria import Judgement
from yigongti.capabilities.referral.models import ATTACHABLE, Attachment, Referral
from yigongti.capabilities.referral.selectors.patients import judged
from yigongti.capabilities.referral.workflow import REFERRAL, REFERRAL_DOWN, REFERRAL_OUT
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.records import person_visible
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case
from yigongti.spine.record.models import Entry

WORKFLOW_OF = {"up": REFERRAL, "lateral": REFERRAL, "down": REFERRAL_DOWN, "out": REFERRAL_OUT}


@dataclass(frozen=True)
class Handover:
    """What goes down with a patient: what was done, what is to follow, with which drugs."""

    discharge_diagnosis: Sequence[str]
    discharge_summary: str
    plan: str
    follow_up_by: date
    drugs: Sequence[str] = ()
    warning_signs: str = ""

    def filled_in(self) -> dict[str, Any]:
        """As the fields of a step."""
        return {**vars(self), "discharge_diagnosis": list(self.discharge_diagnosis), "drugs": list(self.drugs)}


@dataclass(frozen=True)
class Proposal:
    """Whom a doctor wants to send, where, why.  findings: name → number or sign; attachments: (table, key, day) of
    entries of the patient's record; handover: for a referral down; previous: the referral that this one carries on."""

    resident_id: str
    from_institution_id: str
    to_institution_id: str
    direction: str
    reason_code: str
    summary: str
    diagnosis: Sequence[str]
    consent_form: str
    findings: Mapping[str, float | bool] = field(default_factory=dict)
    attachments: Sequence[tuple[str, str, date]] = ()
    certificate_number: str = ""
    handover: Handover | None = None
    previous: Referral | None = None


@transaction.atomic
def propose(proposal: Proposal, *, by: Any, at: datetime, request_id: str) -> Referral:
    """Open a referral and send it: at once as an emergency where a red flag shows.  A repeat of the request returns
    what it made.  Raises NotAllowed with every reason; then nothing is written."""
    if not person_visible(by, proposal.resident_id):
        raise NotAllowed(
            "您不能查阅这位居民的档案,不能为其转诊", why="转诊附有病情与档案资料", remedy="请由接诊医生发起"
        )
    if proposal.previous is not None:  # rows are held before audit chains, as everywhere
        Case.objects.select_for_update().get(pk=proposal.previous.pk)
    case = _opened(proposal, by=by, at=at, request_id=request_id)
    if case.state != "draft":
        return case
    _complete(case, proposal)
    step = "alert" if _judgement(case, at).is_emergency and proposal.direction in ("up", "lateral") else "send"
    take(case, step, by=by, at=at, request_id=f"{request_id}:{step}")
    if proposal.previous is not None:
        take(proposal.previous, "refer_on", by=by, at=at, request_id=f"{request_id}:refer_on")
    case.refresh_from_db()
    return case


def _opened(proposal: Proposal, *, by: Any, at: datetime, request_id: str) -> Referral:
    parties = Parties(proposal.from_institution_id, proposal.to_institution_id, proposal.resident_id)
    names = ("direction", "reason_code", "summary", "consent_form")
    data = {**{name: getattr(proposal, name) for name in names}, "diagnosis": list(proposal.diagnosis)}
    workflow = WORKFLOW_OF[proposal.direction]
    if workflow is REFERRAL_DOWN and proposal.handover:
        handover = proposal.handover.filled_in()
        data |= {name: handover[name] for name in workflow.opening if name in handover}
    case = open_case(workflow.id, parties=parties, by=by, at=at, request_id=f"{request_id}:open", data=data)
    assert isinstance(case, Referral)
    return case


def _complete(case: Referral, proposal: Proposal) -> None:
    """What opening does not ask for, but sending looks at."""
    case.findings = {name: value for name, value in proposal.findings.items() if value not in (None, "", False)}
    case.previous, case.certificate_number = proposal.previous, proposal.certificate_number or None
    if proposal.handover:
        case.drugs, case.warning_signs = list(proposal.handover.drugs), proposal.handover.warning_signs
    case.save(update_fields=["findings", "previous", "certificate_number", "drugs", "warning_signs"])
    for table, key, day in proposal.attachments:
        entry = Entry.objects.filter(resident_id=case.resident_id, table=table, key=key, day=day)
        if table not in ATTACHABLE or not entry.exists():
            raise NotAllowed("要附上的资料不在这位居民的档案里", where=f"{table} {key}", remedy="请从档案列表中选择")
        Attachment.objects.create(referral=case, table=table, key=key, day=day)


def _judgement(case: Referral, at: datetime) -> Judgement:
    return judged(case, on=day_of(at))
