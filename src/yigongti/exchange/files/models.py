"""What was loaded, and what was not: loads by file and table, and the rows in quarantine."""

import json
from typing import Any

from django.db import models

from yigongti.kernel import clock
from yigongti.spine.people.sealing import decrypt

SEALED = "sealed:"


class Load(models.Model):
    """One table of one file, loaded or refused.  `delivery` is shared by the tables of a workbook, and with the
    lake's parts.  error: what, where, why, remedy of a refused file ({} where it loaded); by: the login name of who
    loaded it, "" at the command line."""

    delivery = models.CharField("批次", max_length=32, db_index=True)
    file = models.CharField("文件", max_length=500)
    table = models.CharField("事实表", max_length=64, blank=True)
    rows = models.BigIntegerField("行数", default=0)
    loaded = models.BigIntegerField("新增", default=0)
    replaced = models.BigIntegerField("替换", default=0)
    unchanged = models.BigIntegerField("未变", default=0)
    quarantined = models.BigIntegerField("隔离", default=0)
    notes = models.JSONField("说明", default=list)
    error = models.JSONField("拒收原因", default=dict)
    by = models.CharField("装载人", max_length=64, blank=True, default="")
    began_at = models.DateTimeField("开始时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", default=clock.now)

    class Meta:
        verbose_name = "装载记录"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.file} {self.table}"


class QuarantinedRow(models.Model):
    """A refused row, whole and unchanged.

    cells: JSON of original header → text (sealed where the table is `identity`); column, value, reason, remedy: of
    the first broken rule; problems: JSON of all of them where there are several, else ""; key: as far as it could be
    read; fingerprint: file name, line and content, so that the same row of the same file is kept once.
    """

    OPEN, MENDED, REPLACED, DISCARDED = "open", "mended", "replaced", "discarded"
    STATES = ((OPEN, "待处理"), (MENDED, "已改正装载"), (REPLACED, "改后仍有误"), (DISCARDED, "已作废"))

    load = models.ForeignKey(Load, models.CASCADE, related_name="quarantine")
    table = models.CharField("事实表", max_length=64)
    file = models.CharField("文件", max_length=500)
    line = models.BigIntegerField("行号")
    key = models.CharField("主键", max_length=300, blank=True)
    cells = models.TextField("原行")
    rule = models.CharField("规则类别", max_length=20)
    column = models.CharField("列", max_length=64, blank=True)
    value = models.TextField("值", blank=True)
    reason = models.TextField("原因")
    remedy = models.TextField("处理办法")
    problems = models.TextField("全部问题", blank=True)
    fingerprint = models.CharField("指纹", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=STATES, default=OPEN)
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.CharField("处理批次或人员", max_length=64, blank=True)
    settled_why = models.TextField("处理说明", blank=True)

    class Meta:
        verbose_name = "隔离区"
        ordering = ("id",)
        indexes = [
            models.Index(fields=["state", "table"], name="quarantine_by_state"),
            models.Index(fields=["table", "key"], name="quarantine_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.reason}"

    @property
    def is_sealed(self) -> bool:
        """Whether the cells are kept encrypted, since they say who people are."""
        return str(self.cells).startswith(SEALED)

    @property
    def original(self) -> dict[str, str]:
        """The row's cells by the file's own headers ({"": text} where it could not be divided into columns)."""
        text = self.cells
        if self.is_sealed:
            text = decrypt("quarantine", bytes.fromhex(text.removeprefix(SEALED)))
        return dict(json.loads(text))

    @property
    def all_problems(self) -> list[dict[str, Any]]:
        """Every rule that the row breaks: column, value, reason, remedy."""
        first = {name: getattr(self, name) for name in ("rule", "column", "value", "reason", "remedy")}
        return list(json.loads(self.problems)) if self.problems else [first]
