"""API tokens: how another system acts as an account, without its password and without a browser's session."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.models import ApiToken, User
from yigongti.spine.audit import trail

SCHEME, PREFIX = "bearer", "ygt_"
"""The prefix lets a scanner of leaked secrets know one of ours."""
HINT = 4
TOLD_EVERY = timedelta(hours=1)
"""Use is written down, and audited, once in such a stretch; what was done is audited each time, whoever did it."""


@dataclass(frozen=True)
class Issued:
    """A new token and its secret, which nobody can be told again."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue(user: User, *, label: str, days: int, by: str, at: datetime) -> Issued:
    """A token of an account for some days.  by: the login name of who issues it.

    Raises Refusal without a label, for more days than settings.API_TOKEN_DAYS, or for an account that is switched off.
    """
    longest = settings.API_TOKEN_DAYS
    if not label.strip():
        raise Refusal("请写明令牌给哪个系统用", where="用途")
    if not 1 <= days <= longest:
        raise Refusal(f"令牌有效期 {days} 天", why=f"有效期为 1 至 {longest} 天", remedy="请改正;到期前可再签发新令牌")
    if not user.is_active:
        raise Refusal("账号已停用,不能签发令牌", where=user.username, remedy="请先启用账号")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, label=label.strip()[:100], digest=_digest(secret), hint=secret[-HINT:], issuer=by, issued_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    _say("issue_token", token, by=by, at=at)
    return Issued(token, secret)


@transaction.atomic
def revoke(token_id: int, *, user: User, by: str, at: datetime) -> None:
    """From now on the account's token opens nothing.  Raises Refusal where there is none, or it was revoked."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, user=user, revoked_at__isnull=True).first()
    if token is None:
        raise Refusal("没有这个在用的令牌", where=str(token_id), remedy="请刷新页面")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    _say("revoke_token", token, by=by, at=at)


def tokens_of(user: User, *, at: datetime) -> list[ApiToken]:
    """The account's tokens that work, the newest first."""
    working = Q(revoked_at__isnull=True, expires_at__gt=at)
    return list(ApiToken.objects.filter(working, user=user).order_by("-issued_at", "-pk"))


def sign_in(request: Any) -> None:
    """Let a request with `Authorization: Bearer …` act as the token's account; one without is left as it is.

    Raises NotAllowed where the token is nobody's, has expired, was revoked, or its account is switched off.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return
    token, at = _found(secret.strip()), clock.now()
    _check(token, at=at)
    _use(token, at=at)
    request.user, request.api_token = token.user, token


def _found(secret: str) -> ApiToken:
    token = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
    if token is None:
        raise NotAllowed("令牌无效", remedy="请核对令牌,或请账号本人重新签发")
    return token  # type: ignore[no-any-return]  # Django is untyped


def _check(token: ApiToken, *, at: datetime) -> None:
    remedy = "请账号本人或系统管理员重新签发"
    if token.revoked_at is not None:
        raise NotAllowed("令牌已吊销", where=f"尾号 {token.hint}", remedy=remedy)
    if token.expires_at <= at:
        raise NotAllowed(
            f"令牌已于 {token.expires_at.astimezone(COUNTY_TIME):%Y-%m-%d} 失效",
            where=f"尾号 {token.hint}",
            remedy=remedy,
        )
    if not token.user.is_active:
        raise NotAllowed("令牌所属账号已停用", where=f"尾号 {token.hint}", remedy="请联系系统管理员")


def _use(token: ApiToken, *, at: datetime) -> None:
    if token.last_used_at is not None and at - token.last_used_at < TOLD_EVERY:
        return
    with transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        _say("use_token", token, by=token.user.username, at=at)


def _say(action: str, token: ApiToken, *, by: str, at: datetime) -> None:
    said = {"token": token.pk, "label": token.label, "expires_at": token.expires_at.isoformat()}
    trail.record(action, actor=by, at=at, subject=f"account:{token.user.username}", detail=said)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
