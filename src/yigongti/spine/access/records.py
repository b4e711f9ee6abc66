"""Who may see a person's record, and on what basis: own, consent, relationship, or a broken glass."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from yigongti.kernel import clock
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access.consents import in_force
from yigongti.spine.access.models import BreakGlass, User
from yigongti.spine.access.relationships import Carer, relationships
from yigongti.spine.access.scope import Scope, scope_of
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify
from yigongti.spine.people.models import Resident
from yigongti.spine.statements import MOMENT, TEXT, kept

CARING_ROLES = frozenset(
    {
        Role.VILLAGE_DOCTOR,
        Role.FAMILY_DOCTOR,
        Role.CLINICIAN,
        Role.TECHNICIAN,
        Role.PHARMACIST,
        Role.REFERRAL_DESK,
        Role.CDC,
    }
)
"""The roles that read persons' records, where a relationship or a consent binds the person to their institutions.
The others manage, pay for or supervise care: they see numbers and the cases of their own work."""

EMERGENCY_ROLES = frozenset({Role.VILLAGE_DOCTOR, Role.FAMILY_DOCTOR, Role.CLINICIAN, Role.CDC})
"""Who may break the glass."""


@dataclass(frozen=True)
class Basis:
    """Why somebody may see a record: kind for the audit, label for the page."""

    kind: str
    label: str


def basis_of(user: Any, resident_id: str) -> Basis | None:
    """On what basis the user may see the resident's record now; None where they may not."""
    if user.is_authenticated and user.resident_id == resident_id:
        return Basis("own", "本人")
    if not scope_of(user).roles:
        return None
    return _by_consent(user, resident_id) or _by_relationship(user, resident_id) or _by_broken_glass(user, resident_id)


def person_visible(user: Any, resident_id: str) -> bool:
    """Whether the user may see the resident's record now."""
    return basis_of(user, resident_id) is not None


def open_person(user: Any, *, resident_id: str, purpose: str) -> Basis:
    """Come before showing anything of a person: audits the read, or the attempt, and returns its basis.

    purpose: what is shown, such as "record" or "case".  Raises Http404 where the user may not see the person, so
    that nobody learns who exists.
    """
    basis = basis_of(user, resident_id)
    action = "read_person" if basis else "read_person_refused"
    detail = {"purpose": purpose, "basis": basis.kind if basis else None}
    trail.record(action, actor=user.username, resident_id=resident_id, detail=detail)
    if basis is None:
        raise Http404("outside the user's scope and relationships")
    return basis


def record_opens(user: Any, *, resident_id: str) -> bool:
    """Whether the resident is among the `visible_residents`, for a link beside something else: asked in one statement,
    which is written once a seat and day."""
    seat = (user.pk, user.resident_id, user.staff_id, tuple(scope_of(user).by_role.items()))
    depends = ("record_opens", *seat, clock.today(), relationships(), county_rules())
    statement = kept(depends, lambda: visible_residents(user, at=MOMENT).filter(pk=TEXT).values_list("pk"))
    return bool(statement.rows({MOMENT: clock.now(), TEXT: resident_id}))


def visible_residents(user: Any, *, at: datetime | None = None) -> QuerySet:
    """The residents whose records the user may see at an instant (now)."""
    at = at or clock.now()
    condition = Q(resident_id=user.resident_id) if user.is_authenticated and user.resident_id else Q(pk__in=[])
    if scope_of(user).roles:
        condition |= Exists(_consents(user, at).filter(resident_id=OuterRef("resident_id")))
        condition |= Exists(_broken_glass(user, at).filter(resident_id=OuterRef("resident_id")))
        condition |= _related(user)
    return Resident.objects.filter(condition)


def break_glass(user: Any, *, resident_id: str, reason: str, at: datetime) -> BreakGlass:
    """Open a record in an emergency, for a limited time; told to the person and to
    the auditors.  Raises NotAllowed without a reason or an emergency role."""
    if scope_of(user).roles.isdisjoint(EMERGENCY_ROLES):
        raise NotAllowed("您的岗位不能紧急查阅档案", remedy="请由接诊的临床医生、家庭医生或疾控人员操作")
    if not reason.strip():
        raise NotAllowed("紧急查阅必须写明理由", where="理由", remedy="请写明抢救或处置的情形")
    lasts = county_rules().find("record.break_glass_lasts", on=day_of(at))
    with transaction.atomic():
        opened = BreakGlass.objects.create(
            user=user, resident_id=resident_id, reason=reason.strip(), opened_at=at, ends_at=lasts.after(at)
        )
        trail.record("break_glass", actor=user.username, at=at, resident_id=resident_id, detail={"reason": reason})
        _tell(opened)
    return opened  # type: ignore[no-any-return]  # Django is untyped


def _tell(opened: BreakGlass) -> None:
    text = f"{opened.user.display_name} 紧急查阅了档案,理由:{opened.reason}"
    own = User.objects.filter(resident_id=opened.resident_id)
    watching = User.objects.filter(assignments__role=Role.AUDITOR)
    for people in (own, watching):
        ids = people.values_list("pk", flat=True)
        notify(ids, kind="break_glass", text=text, at=opened.opened_at, subject=f"resident:{opened.resident_id}")


def _caring(user: Any) -> Scope:
    return scope_of(user).narrowed(CARING_ROLES)


def _carer(user: Any) -> Carer | None:
    """Who asks, as relationships know them; None for who cares for nobody."""
    scope = _caring(user)
    if not scope.by_role:
        return None
    return Carer(None if scope.whole_county else scope.institution_ids, user.staff_id or "")


def _related(user: Any) -> Q:
    condition = Q(pk__in=[])
    if (carer := _carer(user)) is not None:
        for relationship in relationships():
            condition |= Q(relationship.people(of=carer))
    return condition


def _by_relationship(user: Any, resident_id: str) -> Basis | None:
    if (carer := _carer(user)) is None:
        return None
    bound = (each for each in relationships() if each.binds(resident_id, to=carer))
    return next((Basis(each.kind, each.label) for each in bound), None)


def _by_consent(user: Any, resident_id: str) -> Basis | None:
    found = _consents(user, clock.now()).filter(resident_id=resident_id).exists()
    return Basis("consent", "本人同意") if found else None


def _by_broken_glass(user: Any, resident_id: str) -> Basis | None:
    found = _broken_glass(user, clock.now()).filter(resident_id=resident_id).exists()
    return Basis("break_glass", "紧急查阅") if found else None


def _consents(user: Any, at: datetime) -> QuerySet:
    scope = _caring(user)
    held = Q(user=user)
    if scope.by_role:
        held |= Q(institution__isnull=False) if scope.whole_county else Q(institution_id__in=scope.institution_ids)
    return in_force(at=at).filter(held)


def _broken_glass(user: Any, at: datetime) -> QuerySet:
    return BreakGlass.objects.filter(user=user, ends_at__gt=at)
