"""A relative lets somebody look after their care: the code on the relative's phone is the consent."""

from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.portal.models import FAMILY
from yigongti.capabilities.portal.services import codes
from yigongti.capabilities.portal.services.accounts import account_of, person_with
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access import consents
from yigongti.spine.access.models import Consent


def ask(id_number: str, *, by: Any, at: datetime) -> tuple[str, codes.Sent | None]:
    """Send the relative a code that says what it is for; returns their resident id ("" where nobody has the number:
    the asker is not told).  Raises Refusal for one's own number, or too many codes."""
    relative = person_with(id_number)
    if relative == by.resident_id:
        raise Refusal("这是您自己的身份证号", remedy="请输入家人的身份证号")
    if relative is None:
        return "", None
    return relative, codes.send(relative, purpose=FAMILY, at=at, asked_by=by)


def join(resident_id: str, code: str, *, by: Any, at: datetime) -> Consent:
    """The relative told the code: their consent is written down, in their own account's name."""
    codes.accept(resident_id, code, at=at, purpose=FAMILY, asked_by=by)  # on its own: a wrong try is to be counted
    with transaction.atomic():
        if held := consents.in_force(at=at).filter(resident_id=resident_id, user=by).first():
            return held
        relative = account_of(resident_id, at=at)
        return consents.give(resident_id, by=relative, at=at, evidence="本人手机验证码", user_id=by.pk)


def leave(consent_id: int, *, by: Any, at: datetime) -> None:
    """End a consent that one gave or was given.  Raises NotAllowed for another's."""
    consent = Consent.objects.select_related("user", "institution").filter(pk=consent_id).first()
    if consent is None or (by.pk != consent.user_id and by.resident_id != consent.resident_id):
        raise NotAllowed("没有这项授权", remedy="请刷新后再试")
    consents.end(consent, by=by, at=at)
