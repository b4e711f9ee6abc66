"""The audit trail's storage: append-only, each record chained to the one before it in its shard."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(models.QuerySet):
    """What has been recorded cannot be changed or removed through the ORM."""

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("audit records are append-only")

    def delete(self) -> NoReturn:
        raise TypeError("audit records are append-only")


class AuditRecord(models.Model):
    """Who did what to what, when.  `detail` is canonical JSON text; `digest` chains to `previous` (see chain)."""

    shard = models.PositiveSmallIntegerField("分片")
    sequence = models.BigIntegerField("序号")
    at = models.DateTimeField("时间")
    actor = models.CharField("操作者", max_length=100)
    action = models.CharField("操作", max_length=60)
    subject = models.CharField("对象", max_length=150, blank=True)
    resident_id = models.CharField("居民编号", max_length=64, blank=True)
    detail = models.TextField("详情")
    previous = models.CharField("前一记录摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "审计记录"
        constraints = [models.UniqueConstraint(fields=["shard", "sequence"], name="audit_one_chain_a_shard")]
        indexes = [
            models.Index(fields=["resident_id", "-at"], name="audit_of_resident", condition=~models.Q(resident_id="")),
            models.Index(fields=["actor", "-at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.shard}/{self.sequence} {self.actor} {self.action}"

    def save(self, *arguments: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit records are append-only")
        super().save(*arguments, **{**options, "force_insert": True})

    def delete(self, *arguments: Any, **options: Any) -> NoReturn:
        raise TypeError("audit records are append-only")
