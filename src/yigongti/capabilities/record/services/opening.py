"""Opening what is not shown at once: the identity in the clear, and in an emergency the record itself."""

from typing import Any

from yigongti.capabilities.record.decisions.identity import Identity
from yigongti.capabilities.record.selectors.people import candidates
from yigongti.capabilities.record.selectors.person import identity_of
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.records import EMERGENCY_ROLES, break_glass, open_person
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail

CERTAIN = ("id_number", "phone")
"""What may name a person in an emergency: a name alone may be another's."""


def reveal_identity(resident_id: str, *, by: Any) -> Identity | None:
    """Name, ID number and phone in the clear for somebody who may see the record; audited as such.

    Raises Http404 where they may not.  None where no identity has been loaded.
    """
    open_person(by, resident_id=resident_id, purpose="identity")
    return identity_of(resident_id)


def open_in_emergency(identifier: str, *, reason: str, by: Any) -> str:
    """Break the glass for the one person whom an ID number, a phone or a resident id names; returns the resident id.

    Raises NotAllowed without an emergency role or a reason, and where nobody or more than one is so identified;
    the attempt is audited.
    """
    if scope_of(by).roles.isdisjoint(EMERGENCY_ROLES):
        raise NotAllowed("您的岗位不能紧急查阅档案", remedy="请由接诊的临床医生、家庭医生或疾控人员操作")
    found = candidates(identifier, by=CERTAIN)
    if len(found) != 1:
        trail.record("break_glass_refused", actor=by.username, detail={"found": len(found), "reason": reason})
        raise NotAllowed(
            "没有登记这样的居民" if not found else f"有 {len(found)} 位居民符合",
            where="紧急查阅",
            why="紧急查阅须能确定到一个人",
            remedy="请核对证件号;或改用居民编号",
        )
    break_glass(by, resident_id=found[0], reason=reason, at=clock.now())
    return found[0]
