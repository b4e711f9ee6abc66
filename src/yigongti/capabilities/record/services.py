"""What somebody does with a record beside reading it: opening it in an emergency, writing down a consent."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.shortcuts import get_object_or_404

from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access import consents
from yigongti.spine.access.models import Consent
from yigongti.spine.access.records import EMERGENCY_ROLES, break_glass
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.people.identities import find_residents
from yigongti.spine.people.models import Resident


def open_in_emergency(identifier: str, *, reason: str, by: Any) -> str:
    """Break the glass for the one person whom an ID number, a phone or a resident id names; returns the resident id.
    A name does not do: it may be another's.

    Raises NotAllowed without an emergency role or a reason, and where nobody or more than one is so identified;
    the attempt is audited.
    """
    if scope_of(by).roles.isdisjoint(EMERGENCY_ROLES):
        raise NotAllowed("您的岗位不能紧急查阅档案", remedy="请由接诊的临床医生、家庭医生或疾控人员操作")
    resident_id = _identified(identifier, by=by, action="break_glass", why="紧急查阅须能确定到一个人")
    break_glass(by, resident_id=resident_id, reason=reason, at=clock.now())
    return resident_id


def write_down_consent(
    identifier: str, *, institution_id: str, evidence: str, ends_on: date | None = None, by: Any
) -> str:
    """What a resident has consented to on paper, for an institution of `by`'s, to the end of a day (by default as long
    as the rule says); returns the resident id.

    Raises NotAllowed where nobody or more than one is so identified (the attempt is audited), and as `consents.give`.
    """
    resident_id = _identified(identifier, by=by, action="consent", why="同意须能确定到一个人")
    ends_at = datetime.combine(ends_on + timedelta(days=1), time(), COUNTY_TIME) if ends_on else None
    at = clock.now()
    consents.give(resident_id, by=by, at=at, evidence=evidence, institution_id=institution_id, ends_at=ends_at)
    return resident_id


def end_consent(consent_id: int, *, resident_id: str, by: Any) -> None:
    """End one consent of a resident.  Raises Http404 where there is none, NotAllowed as `consents.end`."""
    consents.end(get_object_or_404(Consent, pk=consent_id, resident_id=resident_id), by=by, at=clock.now())


def _identified(identifier: str, *, by: Any, action: str, why: str) -> str:
    """The one resident whom an ID number, a phone or a resident id names.  Raises NotAllowed; audited."""
    given = identifier.strip()
    own = Resident.objects.filter(pk=given).values_list("pk", flat=True)
    found = list(dict.fromkeys([*own, *find_residents(id_number=given), *find_residents(phone=given)]))
    if len(found) == 1:
        return found[0]
    trail.record(f"{action}_refused", actor=by.username, detail={"found": len(found)})
    said = "没有登记这样的居民" if not found else f"有 {len(found)} 位居民符合"
    raise NotAllowed(said, where="居民", why=why, remedy="请核对证件号;或改用居民编号")
