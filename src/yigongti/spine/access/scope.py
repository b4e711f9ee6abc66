"""Where somebody may act, in which role: the assignments of an account resolved to institutions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from yigongti.kernel.roles import SYSTEM, Role
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.places.models import Institution
from yigongti.spine.statements import NUMBER, TEXT, Row, kept


@dataclass(frozen=True)
class Scope:
    """For every role held: the whole county (None), or a set of institution ids.

    An account without assignments has an empty scope, and an empty scope permits nothing.
    """

    by_role: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.by_role if role != SYSTEM)

    @cached_property
    def whole_county(self) -> bool:
        return None in self.by_role.values()

    @cached_property
    def institution_ids(self) -> frozenset[str]:
        """The institutions reached in any role; meaningless where `whole_county`."""
        return frozenset().union(*(ids for ids in self.by_role.values() if ids is not None))

    def narrowed(self, roles: Iterable[str]) -> "Scope":
        """The scope in these roles alone."""
        wanted = {str(role) for role in roles}
        return Scope({role: ids for role, ids in self.by_role.items() if role in wanted})

    def covers(self, institution_id: str | None) -> bool:
        """Whether the institution is inside; a row of no institution belongs to the county as a whole."""
        return self.whole_county or institution_id in self.institution_ids


def scope_of(user: Any) -> Scope:
    """The account's scope, resolved once a request (it is kept on the user object).  Anonymous: empty."""
    known: Scope | None = getattr(user, "resolved_scope", None)
    if known is None:
        known = _resolve(user) if user.is_authenticated and user.is_active else Scope()
        user.resolved_scope = known
    return known


def may(user: Any, roles: Iterable[str], *, institution_id: str | None = None) -> bool:
    """Whether somebody holds one of the roles, at the institution where one is given."""
    inside = scope_of(user).narrowed(roles)
    return inside.covers(institution_id) if institution_id is not None else bool(inside.by_role)


class SystemActor:
    """Who acts when a job does: expiry, escalation.  It has no account and cannot sign in."""

    pk = None
    username = display_name = SYSTEM
    resident_id = None
    is_authenticated = is_active = True
    resolved_scope = Scope({SYSTEM: None})


SYSTEM_ACTOR = SystemActor()


def account(user_id: int) -> User | None:
    """The account of an id with its assignments, in one statement: every request begins with it."""
    rows = _rows(user_id)
    if not rows:
        return None
    user: User = User.from_db(DEFAULT_DB_ALIAS, _OWN, rows[0][: len(_OWN)])
    user.read_seats = _seats_in(rows)
    return user


def has_second_factor(user: Any) -> bool:
    """Whether the account has a second factor in use; asked together with its assignments."""
    return _seats(user).has_second_factor


def _resolve(user: Any) -> Scope:
    by_role: dict[str, frozenset[str] | None] = {}
    for assigned in _seats(user).assigned:
        found, known = _reached(assigned), by_role.get(assigned.role, frozenset())
        by_role[assigned.role] = None if found is None or known is None else found | known
    return Scope(by_role)


class _Assigned(NamedTuple):
    """An assignment, with the consortium of its institution."""

    role: str
    reach: str
    institution_id: str
    consortium_id: str | None


@dataclass(frozen=True)
class _Seats:
    """What every request asks of its account."""

    has_second_factor: bool
    assigned: tuple[_Assigned, ...]


_OWN = [column.attname for column in User._meta.concrete_fields]
_ASSIGNED = ("role", "reach", "institution_id", "institution__consortium_id")


def _seats(user: Any) -> _Seats:
    """The account's seats, read once a request (they are kept on the user object)."""
    known: _Seats | None = getattr(user, "read_seats", None)
    if known is None:
        known = user.read_seats = _seats_in(_rows(user.pk))
    return known


def _seats_in(rows: Sequence[Row]) -> _Seats:
    assigned = tuple(_Assigned(*row[-len(_ASSIGNED) :]) for row in rows)
    return _Seats(any(row[len(_OWN)] for row in rows), tuple(each for each in assigned if each.role is not None))


def _rows(user_id: int) -> Sequence[Row]:
    """The account's own columns, whether it has a second factor, and an assignment; a row for each of these."""
    return kept("account", _accounts).rows({NUMBER: user_id})


def _accounts() -> QuerySet:
    second_factors = TOTPDevice.objects.filter(user_id=OuterRef("pk"), confirmed=True)
    assigned = (f"assignments__{name}" for name in _ASSIGNED)
    return User.objects.filter(pk=NUMBER).values_list(*_OWN, Exists(second_factors), *assigned)


def _reached(assigned: _Assigned) -> frozenset[str] | None:
    if assigned.role == Role.RESIDENT:
        return frozenset()  # a resident's rows are their own, whatever institution they are at
    if assigned.reach == Reach.COUNTY:
        return None
    if assigned.reach == Reach.SUBTREE:
        return subtree(assigned.institution_id)
    if assigned.reach == Reach.CONSORTIUM and assigned.consortium_id:
        members = Institution.objects.filter(consortium_id=assigned.consortium_id)
        return frozenset(members.values_list("pk", flat=True)) | {assigned.institution_id}
    return frozenset({assigned.institution_id})


def subtree(institution_id: str) -> frozenset[str]:
    """An institution and its branches, to any depth."""
    found, newest = {institution_id}, {institution_id}
    while newest:
        newest = set(Institution.objects.filter(parent_id__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return frozenset(found)


def accounts_at(institution_id: str | None, *, roles: Iterable[str]) -> frozenset[int]:
    """The ids of the active accounts that hold one of the roles where it reaches the institution (None: county)."""
    wanted = tuple(sorted(str(role) for role in roles))
    if institution_id is None:
        found = kept(("of_the_county", wanted), lambda: _holding(_COUNTY, wanted)).rows({})
    else:
        above = _above(institution_id)
        statement = kept(("accounts_at", above, wanted), lambda: _holding(_COUNTY | _reaching(above), wanted))
        found = statement.rows({TEXT: institution_id})
    return frozenset(user_id for (user_id,) in found)


_COUNTY = Q(reach=Reach.COUNTY)


def _reaching(above: tuple[str, ...]) -> Q:
    """The assignments at TEXT, an institution, or at one of those above it, or in its consortium, that reach it."""
    consortium = Institution.objects.filter(pk=TEXT, consortium_id__isnull=False).values("consortium_id")
    return (
        Q(institution_id=TEXT)
        | Q(reach=Reach.SUBTREE, institution_id__in=above)
        | Q(reach=Reach.CONSORTIUM, institution__consortium_id__in=consortium)
    )


def _holding(reached: Q, roles: tuple[str, ...]) -> QuerySet:
    held = Assignment.objects.filter(reached, role__in=roles, user__is_active=True).exclude(role=Role.RESIDENT)
    return held.values_list("user_id").distinct()


def _above(institution_id: str) -> tuple[str, ...]:
    """The institutions of which this one is a branch, nearest first."""
    found: list[str] = []
    parent = _parent(institution_id)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = _parent(parent)
    return tuple(found)


def _parent(institution_id: str) -> str | None:
    rows = kept("parent", lambda: Institution.objects.filter(pk=TEXT).values_list("parent_id")).rows(
        {TEXT: institution_id}
    )
    return rows[0][0] if rows else None
