"""One-time codes: sent to the phone on a person's record, good for minutes, a few tries and one use."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from yigongti.capabilities.portal.models import SIGN_IN, OneTimeCode
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.rules import Rules
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.outbound import post_now
from yigongti.spine.people.models import Identity

TEXTS = {
    "sign_in": "验证码 {code},{lasts}内有效,用于登录居民服务。请勿告诉他人。",
    "family": "验证码 {code},{lasts}内有效。告诉家人即表示同意其查看您的健康档案并代您预约;不同意请不要告知。",
}


@dataclass(frozen=True)
class Sent:
    """That a code went out.  code: for a demonstration to show; nobody else keeps it."""

    code: str
    expires_at: datetime


@transaction.atomic
def send(resident_id: str, *, purpose: str, at: datetime, asked_by: Any = None) -> Sent | None:
    """Send a person a new code; codes sent before stop working.  None where the record has no phone.

    Raises Refusal, naming the rule, on the second within the pause, or too many within a day.
    """
    phone = Identity.objects.select_for_update().filter(pk=resident_id).values_list("phone", flat=True).first()
    if not phone:
        return None
    rules = county_rules().on(day_of(at))
    earlier = OneTimeCode.objects.filter(resident_id=resident_id, purpose=purpose)
    _check_pace(earlier, rules, at=at)
    earlier.filter(asked_by=asked_by, used_at__isnull=True).update(used_at=at)
    lasts, code = rules["portal.code_lasts"], f"{secrets.randbelow(10**6):06d}"
    expires = lasts.after(at)
    OneTimeCode.objects.create(
        resident_id=resident_id, purpose=purpose, asked_by=asked_by, digest=_digest(resident_id, code), sent_at=at,
        expires_at=expires,
    )  # fmt: skip
    text = TEXTS[purpose].format(code=code, lasts=lasts.text)
    post_now(phone, text=text, kind="code", at=at, expires_at=expires)
    return Sent(code, expires)


def accept(resident_id: str, code: str, *, at: datetime, purpose: str = SIGN_IN, asked_by: Any = None) -> None:
    """Use a code up.  Raises NotAllowed where it is wrong, too late, tried too often, or of another purpose, always in
    the same words, which are those for nobody's number too; the try is counted even so."""
    with transaction.atomic():
        is_good = _is_good(resident_id, code, purpose, asked_by, at=at)
    if not is_good:
        raise NotAllowed(
            "验证码不正确、已失效或输错次数过多", why="规则 portal.code_lasts、portal.code_tries",
            remedy="请核对短信和身份证号,或重新获取;没有收到短信的,请到签约机构登记手机号",
        )  # fmt: skip


def _is_good(resident_id: str, code: str, purpose: str, asked_by: Any, *, at: datetime) -> bool:
    rows = OneTimeCode.objects.select_for_update().filter(resident_id=resident_id, purpose=purpose, asked_by=asked_by)
    sent = rows.filter(used_at__isnull=True, expires_at__gt=at).order_by("-sent_at").first()
    if sent is None or sent.wrong >= county_rules().find("portal.code_tries", on=day_of(at)).number:
        return False
    if not constant_time_compare(sent.digest, _digest(resident_id, code.strip())):
        sent.wrong += 1
        sent.save(update_fields=["wrong"])
        return False
    sent.used_at = at
    sent.save(update_fields=["used_at"])
    return True


def _check_pace(earlier: QuerySet, rules: Rules, *, at: datetime) -> None:
    """Each purpose has its own pace: whoever asks for a relative's consent does not keep them from signing in."""
    pause, most = rules["portal.code_pause"], rules["portal.codes_per_day"]
    sent = earlier.filter(sent_at__gt=at - timedelta(days=1))
    if sent.filter(sent_at__gt=at - pause.timedelta).exists():
        raise Refusal(f"验证码刚刚发出,请 {pause.text}后再试", why=f"规则 {pause.rule_id}")
    if sent.count() >= most.number:
        raise Refusal(f"一天内最多发送 {most.text}验证码", why=f"规则 {most.rule_id}", remedy="请明天再试")


def _digest(resident_id: str, code: str) -> str:
    return salted_hmac("portal.one_time_code", f"{resident_id}:{code}", algorithm="sha256").hexdigest()
