"""The ledger as stored: files as they came, documents and their clauses, units and targets, tasks and evidence.

A document and a task are cases: only their workflows' steps change where they stand.  What the machine read stays in
`reading` beside what a person made of it; nothing counts before its verdict is CONFIRMED.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yigongti.capabilities.ledger.decisions.dues import due_day
from yigongti.kernel.ids import new_id
from yigongti.kernel.rules.model import LEVEL_LABELS
from yigongti.spine.cases.models import Case
from yigongti.spine.choices import labelled, one_of
from yigongti.spine.row_scope import ByInstitution


class Verdict(StrEnum):
    """What a person made of a reading."""

    UNREAD = "unread"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return {"unread": "待核对", "confirmed": "已确认", "rejected": "不采用"}[self]


class Part(StrEnum):
    """How a unit answers for a clause."""

    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"

    @property
    def label(self) -> str:
        return {"lead": "牵头", "support": "配合", "responsible": "责任"}[self]


class Content(models.Model):
    """The bytes of a file, once for all files that hold the same."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField()
    size = models.PositiveIntegerField("字节数")

    class Meta:
        verbose_name = "文件内容"

    def __str__(self) -> str:
        return self.sha256


class SourceFile(models.Model):
    """A file that came in, and how it was read (`Reading.as_json`)."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=255)
    reading = models.JSONField("读取结果")
    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "政策原件"

    def __str__(self) -> str:
        return self.name


class PolicyDocument(Case):
    """One policy document.  place: which document of its file; successor: what replaced it.

    Its title is the case's.  rule_source: the id under which rules cite it, once one was written.
    """

    file = models.ForeignKey(SourceFile, models.PROTECT, related_name="documents")
    place = models.PositiveSmallIntegerField("在文件中的次序")
    number = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    issued_on = models.DateField("发文日期", null=True)
    level = models.CharField("层级", max_length=10, choices=list(LEVEL_LABELS.items()))
    in_force_from = models.DateField("执行日期", null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    rule_source = models.CharField("规则出处编号", max_length=80, blank=True)

    class Meta:
        verbose_name = "政策文件"
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(LEVEL_LABELS)), name="policy_document_level_known")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    @property
    def notes(self) -> list[str]:
        """What the reader left unread and says so: tables without a header."""
        return list(self.file.reading["documents"][self.place].get("notes", ()))


class Clause(models.Model):
    """One clause.  number: the numbering down to it; is_task: whether it asks for something to be done."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="clauses")
    place = models.PositiveSmallIntegerField("次序")
    number = models.CharField("条款号", max_length=60)
    path = models.JSONField("上级标题", default=list)
    heading = models.CharField("标题", max_length=300, blank=True)
    text = models.TextField("正文", blank=True)
    is_task = models.BooleanField("列为任务")
    verdict = models.CharField("核对", max_length=10, choices=labelled(Verdict), default=Verdict.UNREAD.value)
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reading = models.JSONField("机器读取", default=dict)

    class Meta:
        verbose_name = "条款"
        ordering: ClassVar[list[str]] = ["document", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="clause_place_once"),
            models.CheckConstraint(condition=one_of("verdict", Verdict), name="clause_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"


class ClauseUnit(models.Model):
    """A unit that answers for a clause."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="units")
    name = models.CharField("单位", max_length=120)
    part = models.CharField("分工", max_length=12, choices=labelled(Part))

    class Meta:
        verbose_name = "责任单位"
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "name"], name="unit_once_a_clause"),
            models.CheckConstraint(condition=one_of("part", Part), name="unit_part_known"),
        ]
        indexes = [models.Index(fields=["name"], name="unit_by_name")]

    def __str__(self) -> str:
        return f"{self.name}({self.get_part_display()})"


class Target(models.Model):
    """One target or standing rule of a clause; value and upper as written, in `unit`.

    unsure: why the reader was not certain; indicator: what measures it, "" where nothing does; baseline: where it
    stood on baseline_on, where a person knows; rule_id: the rule that was written from it.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="targets")
    place = models.PositiveSmallIntegerField("次序")
    kind = models.CharField("类别", max_length=6, choices=[("target", "目标"), ("rule", "常设规则")])
    phrase = models.CharField("指标", max_length=200)
    comparator = models.CharField("比较", max_length=2, choices=[(s, s) for s in (">=", "<=", ">", "<", "=", "~")])
    value = models.FloatField("数值")
    upper = models.FloatField("上限", null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    per = models.CharField("每", max_length=60, blank=True)
    due = models.CharField("期限", max_length=10, blank=True)
    quote = models.CharField("原文", max_length=200)
    unsure = models.CharField("存疑", max_length=200, blank=True)
    indicator = models.CharField("对应指标", max_length=64, blank=True)
    baseline = models.FloatField("基期值", null=True, blank=True)
    baseline_on = models.DateField("基期", null=True, blank=True)
    verdict = models.CharField("核对", max_length=10, choices=labelled(Verdict), default=Verdict.UNREAD.value)
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rule_id = models.CharField("规则编号", max_length=120, blank=True)
    reading = models.JSONField("机器读取", default=dict)

    class Meta:
        verbose_name = "目标"
        ordering: ClassVar[list[str]] = ["clause", "place"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "place"], name="target_place_once"),
            models.CheckConstraint(condition=one_of("verdict", Verdict), name="target_verdict_known"),
            models.CheckConstraint(
                condition=Q(upper__isnull=True) | Q(upper__gte=models.F("value")), name="target_range_ordered"
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True, baseline_on__isnull=True)
                | Q(baseline__isnull=False, baseline_on__isnull=False),
                name="target_baseline_dated",
            ),
        ]
        indexes = [models.Index(fields=["indicator"], name="target_by_indicator")]

    def __str__(self) -> str:
        return f"{self.phrase} {self.comparator} {self.value:g} {self.unit}"

    @property
    def due_on(self) -> date | None:
        """The last day of its deadline."""
        return due_day(self.due)

    @property
    def is_confirmed(self) -> bool:
        return bool(self.verdict == Verdict.CONFIRMED)


class PolicyTask(Case):
    """One clause to be carried out.  counterpart: the institution it is given to (None: departments of the county).

    due_on: the earliest day of its targets; services: workflows whose closed cases count as progress;
    carried_to: the task that goes on with it.
    """

    row_scope = ByInstitution(("counterpart_id",))

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="tasks")
    due_on = models.DateField("完成期限", null=True)
    services = models.JSONField("计入进展的服务流程", default=list)
    carried_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_from")

    class Meta:
        verbose_name = "政策任务"
        indexes = [models.Index(fields=["due_on"], name="policy_task_due")]

    def __str__(self) -> str:
        return str(self.title)


class Evidence(models.Model):
    """A file that proves a report of progress; the report's words are in the event of that request."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    task = models.ForeignKey(PolicyTask, models.PROTECT, related_name="evidence")
    request_id = models.CharField("请求编号", max_length=64)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=255)
    received_at = models.DateTimeField("上传时间")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "佐证材料"
        ordering: ClassVar[list[str]] = ["received_at", "id"]
        indexes = [models.Index(fields=["request_id"], name="evidence_of_report")]

    def __str__(self) -> str:
        return self.name
