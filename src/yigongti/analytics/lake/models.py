"""The lake's manifest: a part exists when it has a row here, so that store and lake change in one transaction."""

from django.db import models

from yigongti.kernel import clock


class Part(models.Model):
    """One Parquet file of a fact table's month.

    path is relative to the lake's folder; `delivery` is the id of what brought it (shared with the records of the
    load); a part that was rewritten is retired: nobody finds it any more, and the sweep deletes its file later.
    """

    CURRENT, HISTORY = "current", "history"

    table = models.CharField("事实表", max_length=64)
    month = models.CharField("月份", max_length=10)
    kind = models.CharField("类别", max_length=10, choices=[(CURRENT, "现行"), (HISTORY, "历史版本")], default=CURRENT)
    path = models.CharField("文件", max_length=200, unique=True)
    rows = models.BigIntegerField("行数")
    size = models.BigIntegerField("字节数")
    delivery = models.CharField("批次", max_length=32)
    added_at = models.DateTimeField("装载时间", default=clock.now)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "数据湖文件"
        indexes = [models.Index(fields=["table", "kind", "month"], name="lake_part_by_table")]

    def __str__(self) -> str:
        return self.path
