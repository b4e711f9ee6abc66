"""In which part somebody acts on a person's booking."""

from collections.abc import Iterable
from typing import Any

from yigongti.capabilities.booking.decisions.life import BOOKERS, HOSTS
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.spine.access.records import basis_of
from yigongti.spine.access.scope import scope_of

FAMILY = ("own", "consent")
"""The bases on which a resident acts for a person: their own, or a relative's who agreed."""


def acting_role(by: Any, *, roles: Iterable[str], resident_id: str, institution_id: str) -> str:
    """The role in which `by` may act: as the person or a relative, as one of the institution's people, as a doctor who
    cares for the person, or as the system.  Raises NotAllowed where in none of `roles`.

    Scope of HOSTS: the resource's institution.  Scope of BOOKERS: the people whose record they may see.
    """
    wanted, scope = frozenset(roles), scope_of(by)
    held = [role for role in (*Role, SYSTEM) if role in wanted and role in scope.by_role]
    for role in held:
        if _admits(role, by, resident_id=resident_id, institution_id=institution_id):
            return str(role)
    if held == [Role.RESIDENT]:
        raise NotAllowed("这不是您本人或已授权家人的预约", why="居民只能为本人和同意由您代办的家人预约",
                         remedy="请先在“家人”里取得对方同意")  # fmt: skip
    raise NotAllowed(
        "您不能办理这个人的预约", why="由本人、照护此人的医生或该机构的人员办理", remedy="请转交有权办理的人员"
    )


def _admits(role: str, by: Any, *, resident_id: str, institution_id: str) -> bool:
    if role == SYSTEM:
        return True
    if role in HOSTS and scope_of(by).narrowed([role]).covers(institution_id):
        return True
    if role != Role.RESIDENT and role not in BOOKERS:
        return False
    basis = basis_of(by, resident_id)
    return basis is not None and (role != Role.RESIDENT or basis.kind in FAMILY)
