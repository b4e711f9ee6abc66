"""Who may load what, and who sees which loads.

The county's offices and its administrators load everything.  The insurance office loads its settlement tables.  A
manager loads the tables that belong to institutions, for the institutions in their scope.  Auditors look on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import scope_of

READERS = frozenset({Role.BUREAU, Role.ADMIN, Role.INSURER, Role.MANAGER, Role.AUDITOR})
LOADERS = READERS - {Role.AUDITOR}
INSURANCE = frozenset({"visit", "stay", "charge", "budget"})
"""What the insurance office settles: care in and outside the county, its charges, and the budgets."""


def institutions_named(table: FactTable) -> tuple[str, ...]:
    """The columns of a table that name institutions."""
    return tuple(column.name for column in table.columns if column.refers == "institution")


INSTITUTIONAL = frozenset(name for name, table in COUNTY.items() if institutions_named(table) and name != "institution")


@dataclass(frozen=True)
class Permit:
    """What somebody may load: these tables, with rows of these institutions only (None: of any)."""

    tables: frozenset[str]
    institutions: frozenset[str] | None = None

    def covers(self, table: str) -> bool:
        return table in self.tables


def permits_of(user: Any) -> list[Permit]:
    """One permit for every role that loads; a file has to fit one of them."""
    return list(_permits(user))


def _permits(user: Any) -> Iterator[Permit]:
    scope = scope_of(user)
    if scope.roles & {Role.BUREAU, Role.ADMIN}:
        yield Permit(frozenset(COUNTY))
    if Role.INSURER in scope.roles:
        yield Permit(INSURANCE)
    if Role.MANAGER in scope.roles:
        yield Permit(INSTITUTIONAL, scope.by_role[Role.MANAGER])


def permit_for(user: Any, table: str) -> Permit | None:
    """The widest permit that covers a table; None where there is none."""
    covering = [permit for permit in permits_of(user) if permit.covers(table)]
    return next((permit for permit in covering if permit.institutions is None), covering[0] if covering else None)


def not_permitted(table: FactTable) -> NotAllowed:
    """Why somebody may not load a table."""
    return NotAllowed(
        f"您的岗位不能装载“{table.label}”({table.name})表",
        why="主数据和不属于您管辖范围的表由卫生健康局或系统管理员装载",
        remedy="请把这份文件交给卫生健康局,或请系统管理员调整岗位授权",
    )


def visible_to(user: Any, *, table: str = "table", loader: str = "by") -> Q:
    """The loads (or rows of loads, with the columns named accordingly) that somebody sees: all of them, those of
    the insurance tables, or those that they loaded themselves."""
    roles = scope_of(user).roles
    if roles & {Role.BUREAU, Role.ADMIN, Role.AUDITOR}:
        return Q()
    own = Q(**{loader: user.username})
    return own | Q(**{f"{table}__in": sorted(INSURANCE)}) if Role.INSURER in roles else own
