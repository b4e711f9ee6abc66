"""Accounts and what they may do: commands of the administrator, each audited with who gave it."""

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.audit import trail


@transaction.atomic
def create_account(
    username: str,
    *,
    password: str,
    display_name: str,
    by: str,
    staff_id: str | None = None,
    resident_id: str | None = None,
) -> User:
    """A new account that may do nothing yet.  Raises Refusal on a name that is taken or a password that is weak.

    by: the login name of who creates it, or "system".
    """
    if User.objects.filter(username=username).exists():
        raise Refusal(f"登录名 {username} 已存在", remedy="请另取登录名")
    _strong(password, User(username=username, display_name=display_name))
    user: User = User.objects.create_user(
        username, password=password, display_name=display_name, staff_id=staff_id, resident_id=resident_id
    )
    _audit("create_account", user, by=by)
    return user


@transaction.atomic
def create_admin(username: str, *, password: str) -> User:
    """The first administrator, of the whole county.  Raises Refusal as create_account does."""
    user: User = create_account(username, password=password, display_name=Role.ADMIN.label, by=SYSTEM)
    grant(user, role=Role.ADMIN, reach=Reach.COUNTY, by=SYSTEM)
    return user


@transaction.atomic
def grant(user: User, *, role: Role, reach: Reach, by: str, institution_id: str | None = None) -> Assignment:
    """Let somebody play a role at an institution, as far as the reach says; the county has no institution.

    Raises Refusal where reach and institution do not fit, or the account has no resident for that role.
    """
    if (reach is Reach.COUNTY) != (institution_id is None):
        raise Refusal(f"范围“{reach.label}”与机构不相符", remedy="全县不填机构,其余范围必须选择机构")
    if role is Role.RESIDENT and not user.resident_id:
        raise Refusal("居民账号必须关联居民档案", remedy="请先填写居民编号")
    given, is_new = Assignment.objects.get_or_create(user=user, role=role, reach=reach, institution_id=institution_id)
    if is_new:
        _audit("grant_role", user, by=by, role=role, reach=reach, institution=institution_id)
    return given  # type: ignore[no-any-return]  # Django is untyped


@transaction.atomic
def withdraw(assignment: Assignment, *, by: str) -> None:
    """Take a role away; it counts from the account's next request on."""
    said = {"role": assignment.role, "reach": assignment.reach, "institution": assignment.institution_id}
    _audit("withdraw_role", assignment.user, by=by, **said)
    assignment.delete()


@transaction.atomic
def set_password(user: User, *, password: str, by: str) -> None:
    """Give a new password, for one who forgot it, and unlock the account.  Raises Refusal on a weak one."""
    _strong(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_failures(username=user.username)
    _audit("set_password", user, by=by)


@transaction.atomic
def forget_second_factor(user: User, *, by: str) -> None:
    """For one who lost the phone: the password alone opens again, until they enrol anew."""
    TOTPDevice.objects.filter(user=user).delete()
    _audit("forget_second_factor", user, by=by)


@transaction.atomic
def switch_off(user: User, *, by: str) -> None:
    """The account cannot sign in any more, and its sessions end with their next request."""
    if user.username == by:
        raise Refusal("不能停用自己的账号", remedy="请由另一位管理员操作")
    _switch(user, active=False)
    _audit("switch_off_account", user, by=by)


@transaction.atomic
def switch_on(user: User, *, by: str) -> None:
    """The account can sign in again."""
    _switch(user, active=True)
    _audit("switch_on_account", user, by=by)


def _switch(user: User, *, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        why = " ".join(error.messages)
        raise Refusal("密码不够安全", why=why, remedy="请用 10 位以上、字母数字混合的密码") from error


def _audit(action: str, user: User, *, by: str, **detail: str | None) -> None:
    trail.record(action, actor=by, subject=f"account:{user.username}", detail=detail)
