"""Consents: a resident lets an institution, or another account (a relative), see their record until it ends."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.models import Consent, User
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify

LASTS = "record.consent_lasts"
LONGEST_EVIDENCE = 200


def in_force(*, at: datetime) -> QuerySet:
    """The consents that hold at an instant."""
    return Consent.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), given_at__lte=at)


@transaction.atomic
def give(
    resident_id: str,
    *,
    by: Any,
    at: datetime,
    evidence: str,
    institution_id: str | None = None,
    user_id: int | None = None,
    ends_at: datetime | None = None,
) -> Consent:
    """Write down that a resident consents, to an institution or to an account; audited, told to the resident.

    by: the resident, or somebody of that institution who has the paper; ends_at: by default after the rule's time.
    Raises NotAllowed without evidence, to both or neither, for another's institution, or with an end that has passed.
    """
    if not evidence.strip():
        raise NotAllowed("请写明同意的依据", where="依据", remedy="如知情同意书编号")
    if (institution_id is None) == (user_id is None):
        raise NotAllowed("同意须给一家机构或一个人", remedy="请选择其一")
    own = by.resident_id == resident_id
    if not own and (institution_id is None or not scope_of(by).covers(institution_id)):
        raise NotAllowed("只能登记对本机构的同意", remedy="请由对方机构登记,或由居民本人授权")
    lasts = county_rules().find(LASTS, on=day_of(at))
    until = ends_at or lasts.after(at)
    if until <= at:
        raise NotAllowed("终止时间已经过去", where="终止时间")
    given = Consent.objects.create(
        resident_id=resident_id, institution_id=institution_id, user_id=user_id,
        evidence=evidence.strip()[:LONGEST_EVIDENCE], given_at=at, ends_at=until,
    )  # fmt: skip
    _note("consent_given", given, by=by, at=at)
    return given  # type: ignore[no-any-return]  # Django is untyped


@transaction.atomic
def end(consent: Consent, *, by: Any, at: datetime) -> None:
    """End a consent now; audited, told to the resident.  Ending an ended one changes nothing.

    Raises NotAllowed where `by` is neither the resident, the one it was given to, nor of the institution.
    """
    if by.resident_id != consent.resident_id and by.pk != consent.user_id and not _of_its_institution(consent, by):
        raise NotAllowed("只有本人或被授权方可以终止", remedy="请由居民本人终止")
    changed = in_force(at=at).filter(pk=consent.pk).update(ends_at=at)
    if changed:
        _note("consent_ended", consent, by=by, at=at)


def _of_its_institution(consent: Consent, by: Any) -> bool:
    return consent.institution_id is not None and scope_of(by).covers(consent.institution_id)


def _note(action: str, consent: Consent, *, by: Any, at: datetime) -> None:
    to = consent.institution_id or f"user:{consent.user_id}"
    detail = {"to": to, "evidence": consent.evidence}
    trail.record(action, actor=by.username, at=at, resident_id=consent.resident_id, detail=detail)
    name = consent.institution.name if consent.institution_id else consent.user.display_name
    said = "可以查阅您的档案" if action == "consent_given" else "不再可以凭同意查阅您的档案"
    own = User.objects.filter(resident_id=consent.resident_id).values_list("pk", flat=True)
    notify(own, kind=action, text=f"{name}{said}", at=at, subject=f"resident:{consent.resident_id}")
