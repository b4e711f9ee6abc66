"""Supervision as stored: editions of the rule base, sweeps, findings, leads, the recovery ledger, inspections.

A finding is one hit and is found once: its fingerprint is unique.  A lead is a case that gathers findings.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yigongti.capabilities.supervision.decisions.recovery import Entry
from yigongti.capabilities.supervision.facts.tables import LIMIT_KINDS, WITHIN
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.models import Case
from yigongti.spine.choices import labelled
from yigongti.spine.places.models import Institution
from yigongti.spine.row_scope import ByInstitution


class RuleEdition(models.Model):
    """A workbook of the rule base as imported.  Of one title at most one edition counts; earlier ones stay."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    title = models.CharField("标题", max_length=200)
    number = models.PositiveIntegerField("版次")
    sha256 = models.CharField("文件摘要", max_length=64)
    counts = models.JSONField("各类知识点数", default=dict)
    imported_at = models.DateTimeField("导入时间")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "规则库版本"
        constraints = [
            models.UniqueConstraint(fields=["title", "number"], name="rule_edition_number_once"),
            models.UniqueConstraint(
                fields=["title"], condition=Q(retired_at__isnull=True), name="rule_edition_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第 {self.number} 版"


class RuleLine(models.Model):
    """One knowledge point of an edition; columns are those of `fund_limit`."""

    edition = models.ForeignKey(RuleEdition, models.CASCADE, related_name="lines")
    kind = models.CharField("限定类型", max_length=12, choices=list(LIMIT_KINDS.items()))
    item_code = models.CharField("项目编码", max_length=64)
    item_name = models.CharField("项目名称", max_length=200)
    subject = models.CharField("限定对象", max_length=60, blank=True)
    quantity = models.FloatField("次数或天数", null=True)
    period_days = models.PositiveIntegerField("周期天数", null=True)
    other_code = models.CharField("从项编码", max_length=64, null=True)
    other_name = models.CharField("从项名称", max_length=200, null=True)
    within = models.CharField("范围", max_length=12, null=True, choices=list(WITHIN.items()))
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "规则库知识点"
        indexes = [models.Index(fields=["item_code"], name="rule_line_of_item")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.item_name}"


class Sweep(models.Model):
    """One sweep: what was looked at with which rules, how much was found, how much of it for the first time."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    period_start = models.DateField("期间开始")
    period_end = models.DateField("期间结束")
    detectors = models.JSONField("筛查规则", default=list)
    rules = models.JSONField("所用规则版本", default=dict)
    editions = models.JSONField("规则库版本", default=list)
    lines = models.BigIntegerField("费用明细行数")
    hits = models.PositiveIntegerField("命中")
    new = models.PositiveIntegerField("新疑点")
    seconds = models.FloatField("用时秒")
    at = models.DateTimeField("时间")
    code_version = models.CharField("程序版本", max_length=40)

    class Meta:
        verbose_name = "筛查"
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.period_start} — {self.period_end}"


class Lead(Case):
    """One lead.  detector: what found it; day: the (first) day it concerns; amount_fen: fund money in question.

    What was judged and what came back stands in its recovery lines.
    """

    row_scope = ByInstitution(("counterpart_id",))

    detector = models.CharField("筛查规则", max_length=60, editable=False)
    day = models.DateField("发生日期", editable=False)
    amount_fen = models.BigIntegerField("涉及基金", default=0, editable=False)

    class Meta:
        verbose_name = "监管线索"
        indexes = [
            models.Index(fields=["detector", "day"], name="lead_by_detector"),
            models.Index(fields=["day"], name="lead_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Finding(models.Model):
    """One hit as it was when it was first found.  evidence: [{"name": "stay:S1", "row": {…}}]; text: what it says."""

    row_scope = ByInstitution()

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    fingerprint = models.CharField("指纹", max_length=64, unique=True)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="findings")
    sweep = models.ForeignKey(Sweep, models.PROTECT, related_name="findings")
    detector = models.CharField("筛查规则", max_length=60)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    resident_id = models.CharField("居民编号", max_length=64, null=True)
    prescriber_id = models.CharField("开单人编号", max_length=64, null=True)
    day = models.DateField("日期")
    month = models.CharField("月份", max_length=7)
    amount_fen = models.BigIntegerField("涉及基金")
    measured = models.FloatField("实测", null=True)
    allowed = models.FloatField("界限", null=True)
    text = models.CharField("说明", max_length=400)
    evidence = models.JSONField("证据", default=list)
    rules = models.JSONField("所用规则版本", default=dict)

    class Meta:
        verbose_name = "疑点"
        indexes = [
            models.Index(fields=["detector", "month"], name="finding_by_detector"),
            models.Index(fields=["institution", "month"], name="finding_by_institution"),
            models.Index(fields=["prescriber_id"], name="finding_by_doctor"),
            models.Index(fields=["resident_id"], name="finding_of_resident"),
        ]

    def __str__(self) -> str:
        return str(self.text)


class RecoveryLine(models.Model):
    """One line of the recovery ledger, never changed: money judged, reduced, recovered or written off."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="recovery")
    entry = models.CharField("事项", max_length=12, choices=labelled(Entry))
    amount_fen = models.BigIntegerField("金额")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        verbose_name = "追回台账"
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="recovery_amount_positive")]

    def __str__(self) -> str:
        return f"{self.get_entry_display()} {self.amount_fen}"


class Inspection(models.Model):
    """A joint inspection by double lot: the seed, who could be drawn, how many."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    title = models.CharField("名称", max_length=120)
    seed = models.CharField("随机种子", max_length=64)
    institutions = models.JSONField("候选机构", default=list)
    inspectors = models.JSONField("候选检查人员", default=list)
    count = models.PositiveSmallIntegerField("抽取机构数")
    each = models.PositiveSmallIntegerField("每家检查人员数")
    at = models.DateTimeField("抽取时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "双随机抽查"
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return str(self.title)


class InspectionDraw(models.Model):
    """An institution drawn, and its inspectors (names)."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="drawn")
    place = models.PositiveSmallIntegerField("次序")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    inspectors = models.JSONField("检查人员", default=list)

    class Meta:
        verbose_name = "抽查结果"
        ordering: ClassVar[list[str]] = ["inspection", "place"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "institution"], name="inspection_institution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.institution_id}"
