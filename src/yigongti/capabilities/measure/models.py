"""Results as they were: runs with what they rest on, their values and warnings; what people add to them.

A frozen run cannot change: triggers in the database (migration 0002) refuse it to whoever tries.
"""

from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from yigongti.kernel import clock
from yigongti.kernel.clock import day_of
from yigongti.kernel.ids import new_id
from yigongti.kernel.indicators import GROUPS
from yigongti.kernel.periods import Period
from yigongti.spine.choices import labelled, one_of


class Kind(StrEnum):
    """What a run is for."""

    REFRESH = "refresh"
    HALF_YEAR = "half_year"
    ANNUAL = "annual"

    @property
    def label(self) -> str:
        return {"refresh": "日常计算", "half_year": "半年监测", "annual": "年度评价"}[self]


class Level(StrEnum):
    """Whose number a value is; `label` is what the groups of the level are called."""

    COUNTY = "county"
    CONSORTIUM = "consortium"
    ZONE = "zone"
    TOWN = "town"
    LEVEL = "level"
    INSTITUTION = "institution"

    @property
    def label(self) -> str:
        return GROUPS[self.value][0] if self.value in GROUPS else "全县"


class Severity(StrEnum):
    """How much a warning matters."""

    RED = "red"
    AMBER = "amber"

    @property
    def label(self) -> str:
        return {"red": "红色", "amber": "黄色"}[self]


class Run(models.Model):
    """One computation of all indicators.

    trend_start: the first day of the trend by month.  inputs: fact table → its
    Parquet parts, each {path, rows, size} and once frozen {sha256}.  rule_sets: the different sets of rule versions
    that were used (rule id → version key); a value names its set by place.  packs: policy packs, nearest last.
    result_hash: over all values, in their order: equal hashes are equal results, bit for bit.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=20, choices=labelled(Kind))
    period_start = models.DateField("期间起")
    period_end = models.DateField("期间止")
    trend_start = models.DateField("趋势起")
    facts_as_of = models.DateField("数据截至", null=True, blank=True)
    inputs = models.JSONField("所用数据", default=dict)
    rule_sets = models.JSONField("所用规则版本", default=list)
    packs = models.JSONField("政策包", default=list)
    code_version = models.CharField("程序版本", max_length=40)
    result_hash = models.CharField("结果校验", max_length=64)
    created_at = models.DateTimeField("计算时间", default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField("固化时间", null=True, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "计算批次"
        indexes = [models.Index(fields=["kind", "-created_at"], name="run_latest")]
        constraints = [
            models.CheckConstraint(condition=one_of("kind", Kind), name="run_kind_known"),
            models.CheckConstraint(condition=Q(period_end__gte=models.F("period_start")), name="run_period_ordered"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.REFRESH.value) | Q(frozen_at__isnull=True),
                name="run_refresh_never_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label} {self.period.label}"

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end)

    @property
    def trend(self) -> Period:
        """The months of the trend, up to the end of the period."""
        return Period(self.trend_start, self.period_end)

    @property
    def known_on(self) -> date:
        """The day as of which rules were known: the day of computing."""
        return day_of(self.created_at)

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class Value(models.Model):
    """One indicator of one group over the run's period (or a stretch of it, where a rule changed inside).

    months: the same month by month, as [month, numerator, denominator, value, met, why_null] each, oldest first;
    together with the value so that a screen with its trend is one row.  rule_set: place in the run's rule_sets.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="values")
    indicator = models.CharField(max_length=64)
    level = models.CharField(max_length=12, choices=labelled(Level))
    group = models.CharField(max_length=64, blank=True)
    period_start = models.DateField()
    period_end = models.DateField()
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    target_low = models.FloatField(null=True)
    target_high = models.FloatField(null=True)
    target_text = models.CharField(max_length=60, blank=True)
    met = models.BooleanField(null=True)
    why_null = models.CharField(max_length=120, blank=True)
    rule_set = models.IntegerField()
    facts_as_of = models.DateField(null=True)
    months = models.JSONField(default=list)

    class Meta:
        verbose_name = "指标值"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "level", "group", "indicator", "period_start"], name="value_once_in_run"
            ),
            models.CheckConstraint(condition=one_of("level", Level), name="value_level_known"),
            models.CheckConstraint(condition=Q(value__isnull=True) ^ Q(why_null=""), name="value_or_why_null"),
        ]
        indexes = [models.Index(fields=["run", "indicator", "level"], name="value_by_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.level} {self.group}"


class EarlyWarning(models.Model):
    """A value that people should look at, and why: against what it was compared, and the clause that asks for it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="warnings")
    indicator = models.CharField("指标", max_length=64)
    level = models.CharField("层级", max_length=12, choices=labelled(Level))
    group = models.CharField("对象", max_length=64, blank=True)
    kind = models.CharField("类别", max_length=30)
    severity = models.CharField("程度", max_length=10, choices=labelled(Severity))
    period_start = models.DateField()
    period_end = models.DateField()
    value = models.FloatField(null=True)
    compared_with = models.FloatField(null=True)
    text = models.CharField("内容", max_length=400)
    rule_id = models.CharField("规则", max_length=120, blank=True)
    rule_version = models.CharField(max_length=80, blank=True)
    clause = models.CharField("条款", max_length=200)

    class Meta:
        verbose_name = "预警"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "indicator", "level", "group", "kind", "period_start"], name="warning_once_in_run"
            ),
            models.CheckConstraint(condition=one_of("severity", Severity), name="warning_severity_known"),
            models.CheckConstraint(condition=~Q(clause=""), name="warning_names_clause"),
        ]
        indexes = [models.Index(fields=["run", "level", "group"], name="warning_by_group")]

    def __str__(self) -> str:
        return str(self.text)


class Acknowledgement(models.Model):
    """Somebody has seen a warning and said what is done about it; it outlives the run that found the warning."""

    indicator = models.CharField(max_length=64)
    level = models.CharField(max_length=12, choices=labelled(Level))
    group = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=30)
    period_end = models.DateField()
    note = models.CharField("处置说明", max_length=500)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "预警签收"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "level", "group", "kind", "period_end"], name="acknowledged_once"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="acknowledgement_says_what_is_done"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.group} {self.note}"


class Assessment(models.Model):
    """One item of a qualitative indicator, graded at a consortium on a day, with its evidence; a later day's counts."""

    consortium_id = models.CharField("医共体", max_length=64)
    indicator = models.CharField("指标", max_length=64)
    item = models.CharField("评判要点", max_length=100)
    grade = models.CharField("等级", max_length=20)
    evidence = models.TextField("佐证")
    day = models.DateField("评判日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "定性评判"
        constraints = [
            models.UniqueConstraint(fields=["consortium_id", "indicator", "item", "day"], name="assessed_once_a_day"),
            models.CheckConstraint(condition=~Q(evidence=""), name="assessment_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.item} {self.grade}"
