"""A village, its centre, the county's hospital and one outside it, with the people who send and receive patients."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.spine.county import account, draw_county, fresh, resident

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.services.proposing import Handover, Proposal, propose
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import CaseEvent
from yigongti.spine.places.models import Institution
from yigongti.spine.record.models import Entry

NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACK = {
    "discharge_diagnosis": ["急性下壁心肌梗死"], "discharge_summary": "急诊介入治疗,右冠植入支架一枚,恢复良好。",
    "plan": "双抗一年,四周后心电图复查。", "follow_up_by": date(2025, 3, 20), "drugs": ["阿司匹林 100mg 每日一次"],
}  # fmt: skip
HANDOVER = Handover(**BACK)


class Cast:
    """Who acts: each by name."""

    village: User
    centre: User
    desk: User
    clinician: User
    insurer: User
    bureau: User
    patient: User


def draw() -> Cast:
    """The institutions, one patient (R1) known at V1, T1 and H1, another (R2) known at T1, and the cast."""
    draw_county()
    Institution.objects.create(
        institution_id="X1", name="省医院", kind="provincial_hospital", level="tertiary", ownership="public",
        place_id="P", is_lead=False, in_county=False,
    )  # fmt: skip
    for resident_id in ("R1", "R2"):
        resident(resident_id)
    known = (("R1", "V1"), ("R1", "T1"), ("R1", "H1"), ("R2", "T1"))
    Entry.objects.bulk_create(_visit(number, *each) for number, each in enumerate(known))
    cast = Cast()
    cast.village = account("village", (Role.VILLAGE_DOCTOR, "institution", "V1"))
    cast.centre = account("centre", (Role.FAMILY_DOCTOR, "subtree", "T1"))
    cast.desk = account("desk", (Role.REFERRAL_DESK, "institution", "H1"))
    cast.clinician = account("clinician", (Role.CLINICIAN, "institution", "H1"))
    cast.insurer = account("insurer", (Role.INSURER, "county", None))
    cast.bureau = account("bureau", (Role.BUREAU, "county", None))
    cast.patient = account("patient", (Role.RESIDENT, "county", None), resident_id="R1")
    return cast


def _visit(number: int, resident_id: str, institution_id: str) -> Entry:
    line = '["outpatient", "全科", ["R07.4"], false, 1000, 0, 1000, false]'
    return Entry(resident_id=resident_id, day=date(2025, 3, 1), table="visit", key=f"VISIT{number}",
                 institution_id=institution_id, line=line)  # fmt: skip


def proposal(**changed: Any) -> Proposal:
    """A village doctor's patient with chest pain, to the centre."""
    values: dict[str, Any] = {
        "resident_id": "R1", "from_institution_id": "V1", "to_institution_id": "T1", "direction": "up",
        "reason_code": "diagnosis", "summary": "胸痛两小时,活动后加重",
        "diagnosis": ["胸痛待查"], "consent_form": "oral",
    }  # fmt: skip
    return Proposal(**{**values, **changed})


def sent(cast: Cast, *, by: User | None = None, at: datetime = NOON, **changed: Any) -> Referral:
    """A referral that has been sent."""
    if changed.get("previous"):
        changed["previous"].refresh_from_db()
    return propose(proposal(**changed), by=fresh(by or cast.village), at=at, request_id=uuid4().hex)


def step(
    case: Referral, name: str, by: Any, data: Mapping[str, Any] | None = None, *, at: datetime = NOON
) -> CaseEvent:
    """Take a step on the case as it is stored now."""
    case.refresh_from_db()
    return take(case, name, by=fresh(by) if isinstance(by, User) else by, at=at, request_id=uuid4().hex, data=data)


def states(*cases: Referral) -> Iterator[str]:
    for case in cases:
        case.refresh_from_db()
        yield case.state
