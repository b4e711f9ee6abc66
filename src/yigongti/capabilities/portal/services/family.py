"""A relative lets somebody look after their care: the code on the relative's phone is the consent."""

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from yigongti.capabilities.portal.models import FAMILY
from yigongti.capabilities.portal.services import codes
from yigongti.capabilities.portal.services.accounts import account_of, person_with
from yigongti.kernel.clock import COUNTY_TIME, day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access import consents
from yigongti.spine.access.models import Consent
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident

OF_AGE = "portal.of_age_from"


def ask(id_number: str, *, by: Any, at: datetime) -> tuple[str, codes.Sent | None]:
    """Send the relative a code that says what it is for; returns their resident id ("" where nobody has the number:
    the asker is not told, nor that a code is not sent again so soon).  Raises Refusal for one's own number."""
    relative = person_with(id_number)
    if relative == by.resident_id:
        raise Refusal("这是您自己的身份证号", remedy="请输入家人的身份证号")
    sent = None
    if relative is not None:
        with suppress(Refusal):
            sent = codes.send(relative, purpose=FAMILY, at=at, asked_by=by)
    return relative or "", sent


def join(resident_id: str, code: str, *, by: Any, at: datetime) -> Consent:
    """The relative told the code: their consent is written down, in their own account's name.  Of a child it is the
    guardian's, by the phone on the child's record, and ends at the latest when the child is of age."""
    codes.accept(resident_id, code, at=at, purpose=FAMILY, asked_by=by)  # on its own: a wrong try is to be counted
    with transaction.atomic():
        if held := consents.in_force(at=at).filter(resident_id=resident_id, user=by).first():
            return held
        relative, of_age = account_of(resident_id, at=at), _comes_of_age(resident_id, at=at)
        evidence = "监护人手机验证码" if of_age else "本人手机验证码"
        return consents.give(
            resident_id, by=relative, at=at, evidence=evidence, user_id=by.pk, ends_at=_until(of_age, at=at)
        )


def _comes_of_age(resident_id: str, *, at: datetime) -> date | None:
    """On which day a child will be of age (rule portal.of_age_from); None for who is."""
    born = Resident.objects.get(pk=resident_id).birth_date
    day: date = county_rules().find(OF_AGE, on=day_of(at)).after(born)
    return day if day > day_of(at) else None


def _until(of_age: date | None, *, at: datetime) -> datetime | None:
    """The end of a child's consent, where it comes before that of any consent; None: as any consent."""
    usual = county_rules().find(consents.LASTS, on=day_of(at)).after(at)
    return min(usual, datetime.combine(of_age, time(), COUNTY_TIME)) if of_age else None


def leave(consent_id: int, *, by: Any, at: datetime) -> None:
    """End a consent that one gave or was given.  Raises NotAllowed for another's."""
    consent = Consent.objects.select_related("user", "institution").filter(pk=consent_id).first()
    if consent is None or (by.pk != consent.user_id and by.resident_id != consent.resident_id):
        raise NotAllowed("没有这项授权", remedy="请刷新后再试")
    consents.end(consent, by=by, at=at)
