"""A notice in somebody's inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return str(self.text)
