"""Accounts, their assignments, consents, and break-glass: the storage of who may see what."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from yigongti.kernel.roles import Role
from yigongti.spine.choices import labelled
from yigongti.spine.people.models import Resident, Staff
from yigongti.spine.places.models import Institution


class Users(BaseUserManager):
    """Creates accounts; `objects` of User."""

    def create_user(self, username: str, *, password: str, display_name: str, **links: str | None) -> "User":
        """A new active account.  links: staff_id and resident_id, where it belongs to one."""
        user = self.model(username=username, display_name=display_name, **links)
        user.set_password(password)
        user.save(using=self._db)
        return user  # type: ignore[no-any-return]  # Django is untyped


class User(AbstractBaseUser):
    """Somebody who signs in.  What they may do comes from their assignments alone: there is no superuser."""

    username = models.CharField("登录名", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=100)
    staff = models.ForeignKey(Staff, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+")
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )
    is_active = models.BooleanField("启用", default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = Users()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return str(self.display_name)


class ApiToken(models.Model):
    """What another system shows instead of a session: it may what its account may, until it ends or is revoked.

    digest: SHA-256 of the secret, which is long and random and kept nowhere; hint: its last characters, to tell tokens
    apart; issuer: the login name of who issued it; last_used_at: told to the hour.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    label = models.CharField("用途", max_length=100)
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    hint = models.CharField("尾号", max_length=8, editable=False)
    issuer = models.CharField("签发人", max_length=64)
    issued_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("失效时间")
    revoked_at = models.DateTimeField("吊销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "接口令牌"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="api_token_expires_after_issue"),
            models.CheckConstraint(condition=~Q(label=""), name="api_token_has_label"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.label} …{self.hint}"


class Reach(StrEnum):
    """How far an assignment reaches from its institution."""

    INSTITUTION = "institution"
    SUBTREE = "subtree"
    CONSORTIUM = "consortium"
    COUNTY = "county"

    @property
    def label(self) -> str:
        return _REACH_LABELS[self]


_REACH_LABELS = {
    Reach.INSTITUTION: "本机构",
    Reach.SUBTREE: "本机构及下属机构",
    Reach.CONSORTIUM: "所在医共体",
    Reach.COUNTY: "全县",
}


class Assignment(models.Model):
    """A role that a user plays, and where: one institution, its branches, its consortium, or the whole county."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.CharField("角色", max_length=30, choices=labelled(Role))
    reach = models.CharField("范围", max_length=20, choices=labelled(Reach))
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "岗位授权"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(Role)), name="assignment_role_known"),
            models.CheckConstraint(condition=Q(reach__in=sorted(Reach)), name="assignment_reach_known"),
            models.CheckConstraint(
                condition=Q(reach="county", institution__isnull=True)
                | ~Q(reach="county") & Q(institution__isnull=False),
                name="assignment_county_or_institution",
            ),
            models.UniqueConstraint(fields=["user", "role", "reach", "institution"], name="assignment_once"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(reach="county"), name="assignment_county_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.reach} {self.institution_id or ''}"


class Consent(models.Model):
    """A resident lets an institution, or another account (a relative), see their record until it ends."""

    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    evidence = models.CharField("依据", max_length=200)
    given_at = models.DateTimeField("同意时间")
    ends_at = models.DateTimeField("终止时间", null=True, blank=True)

    class Meta:
        verbose_name = "授权同意"
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=True, user__isnull=False)
                | Q(institution__isnull=False, user__isnull=True),
                name="consent_to_institution_or_user",
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=F("given_at")), name="consent_ends_after_given"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} → {self.institution_id or self.user_id}"


class BreakGlass(models.Model):
    """An emergency look at a record outside one's relationships: reasoned, short, notified, audited."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+")
    reason = models.TextField("理由")
    opened_at = models.DateTimeField("打开时间")
    ends_at = models.DateTimeField("终止时间")

    class Meta:
        verbose_name = "紧急查阅"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="break_glass_has_reason"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="break_glass_ends"),
        ]
        indexes = [models.Index(fields=["user", "resident", "ends_at"], name="break_glass_open")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.resident_id}"
