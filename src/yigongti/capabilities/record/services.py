"""Opening a record in an emergency: the one thing that somebody does with a record beside reading it."""

from typing import Any

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
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
    found = _identified(identifier.strip())
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


def _identified(identifier: str) -> list[str]:
    own = Resident.objects.filter(pk=identifier).values_list("pk", flat=True)
    return list(dict.fromkeys([*own, *find_residents(id_number=identifier), *find_residents(phone=identifier)]))
