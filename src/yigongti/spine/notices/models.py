"""A notice in somebody's inbox, and a message that leaves the house."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yigongti.spine.people.sealed import SealedField


class Notice(models.Model):
    """One line to one person.  `subject` is what it is about, as "case:<id>" or "resident:<id>", or empty."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField("类别", max_length=40)
    text = models.CharField("内容", max_length=500)
    subject = models.CharField("事由", max_length=150, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_inbox"),
            models.Index(fields=["user", "-at"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return str(self.text)


class OutboundMessage(models.Model):
    """A message to a phone or mailbox (`outbound`).  Address and text are encrypted: the text may be a secret.

    next_at: when it is tried; claimed_until: while a sender has it; failure: why the last try failed;
    given_up_at: when it was decided to try no more.
    """

    id = models.CharField(primary_key=True, max_length=26, editable=False)
    to = SealedField("收件地址")
    text = SealedField("内容")
    kind = models.CharField("类别", max_length=40)
    at = models.DateTimeField("时间")
    expires_at = models.DateTimeField("有效至", null=True)
    next_at = models.DateTimeField("下次发送")
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    claimed_until = models.DateTimeField("发送中至", null=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    given_up_at = models.DateTimeField("放弃时间", null=True)
    failure = models.CharField("失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "外发消息"
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(sent_at__isnull=True, given_up_at__isnull=True), name="message_waiting"
            ),
            models.Index(fields=["-at"], condition=Q(sent_at__isnull=True, attempts__gt=0), name="message_troubled"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True), name="message_sent_or_given_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
