"""One-time codes, and what people say of a service."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution
from yigongti.spine.row_scope import ByInstitution

SIGN_IN, FAMILY = "sign_in", "family"
PURPOSES = {SIGN_IN: "登录", FAMILY: "家人授权"}


class OneTimeCode(models.Model):
    """A code that was sent to a person's phone.  Only its keyed digest is kept; asked_by: the account that asked for a
    relative's consent."""

    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+")
    purpose = models.CharField("用途", max_length=20, choices=list(PURPOSES.items()))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    digest = models.CharField("摘要", max_length=64)
    sent_at = models.DateTimeField("发送时间")
    expires_at = models.DateTimeField("失效时间")
    wrong = models.PositiveSmallIntegerField("输错次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "一次性验证码"
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=sorted(PURPOSES)), name="code_purpose_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="code_expires_after_sent"),
        ]
        indexes = [models.Index(fields=["resident", "purpose", "-sent_at"], name="code_of_resident")]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.purpose} {self.sent_at:%Y-%m-%d %H:%M}"


class Rating(models.Model):
    """Stars for one visit or stay, given once by the person or a relative for them."""

    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    table = models.CharField("事实表", max_length=40)
    key = models.CharField("编号", max_length=200)
    stars = models.PositiveSmallIntegerField("星级")
    remark = models.CharField("意见", max_length=500, blank=True)
    rated_at = models.DateTimeField("评价时间")
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "服务评价"
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="rating_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_stars_in_bounds"),
        ]
        indexes = [models.Index(fields=["institution", "-rated_at"], name="rating_of_institution")]

    def __str__(self) -> str:
        return f"{self.table} {self.key} {self.stars}"
