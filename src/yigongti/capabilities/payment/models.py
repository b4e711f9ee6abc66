"""The books of payment: settlement runs with their pools and lines, clearings, compositions, months, warnings.

A run is named by the digest of what it rests on and never changes; one that is a clearing cannot be removed either:
triggers in the database (migration 0002) refuse it to whoever tries.  Single stays lie in a Parquet file beside the
lake, whose digest the run keeps.
"""

from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.kernel import clock
from yigongti.kernel.facts.county import SCHEMES
from yigongti.spine.choices import labelled
from yigongti.spine.places.models import Institution
from yigongti.spine.row_scope import ByInstitution

BUDGET_SCHEMES = {"inpatient": "住院", "outpatient": "门诊", "global": "总额"}
INSURED = {name: label for name, label in SCHEMES.items() if name != "none"}
GROUNDS = ("high_cost", "long_stay", "new_technology", "several_specialties", "critical")


class Tone(StrEnum):
    """How the use of a budget stands against the time passed."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"

    @property
    def label(self) -> str:
        return {"good": "正常", "warn": "黄色预警", "bad": "红色预警"}[self]


class Run(models.Model):
    """A year settled.  id: the digest of facts, rules, code and `given`.

    rules: rule id → version and value that entered; given: scheme, factors and special cases (`Given.as_dict`);
    inputs: fact table → its Parquet parts, each {path, rows, size} and once cleared {sha256}; evaluation_id: the frozen
    evaluation that gave the quality factors; answers: how special cases were judged; names: group → what it is called;
    cases_file, cases_sha256: the stays one by one; result_hash: over lines and stays.
    """

    id = models.CharField(primary_key=True, max_length=64, editable=False)
    year = models.IntegerField("年度")
    pack = models.CharField("政策包", max_length=60)
    known_on = models.DateField("规则截至")
    scheme = models.CharField("分组方案", max_length=80)
    rules = models.JSONField("所用规则", default=dict)
    given = models.JSONField("另行给定", default=dict)
    inputs = models.JSONField("所用数据", default=dict)
    evaluation_id = models.CharField("年度评价批次", max_length=26, blank=True)
    answers = models.JSONField("特例单议结果", default=list)
    names = models.JSONField("组名", default=dict)
    cases_file = models.CharField(max_length=200)
    cases_sha256 = models.CharField(max_length=64)
    cases_rows = models.IntegerField("住院例数")
    result_hash = models.CharField("结果校验", max_length=64)
    code_version = models.CharField("程序版本", max_length=40)
    created_at = models.DateTimeField("计算时间", default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "结算批次"
        indexes = [models.Index(fields=["year", "-created_at"], name="settlement_latest")]

    def __str__(self) -> str:
        return f"{self.year} {self.id[:10]}"

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)


class PoolResult(models.Model):
    """One budget of a run: how it was divided, and what the fund keeps and bears.  Money in fen, points × 10,000.

    quality, tie: factors as exact fractions ("9/10"); in_region: the same, empty where there were no visits.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="pools")
    consortium_id = models.CharField("医共体", max_length=64)
    insured_as = models.CharField("参保类型", max_length=20, choices=list(INSURED.items()))
    scheme = models.CharField("预算", max_length=20, choices=list(BUDGET_SCHEMES.items()))
    budget_fen = models.BigIntegerField("总额")
    reserved_fen = models.BigIntegerField("预留")
    outside_fen = models.BigIntegerField("县外支出")
    stays_fen = models.BigIntegerField("住院可分配")
    visits_fen = models.BigIntegerField("门诊可分配")
    self_fen = models.BigIntegerField("住院个人负担")
    points_e4 = models.BigIntegerField("总点数")
    people = models.IntegerField("签约人数")
    final_fen = models.BigIntegerField("清算")
    kept_by_fund_fen = models.BigIntegerField("基金留存")
    fund_share_fen = models.BigIntegerField("基金分担超支")
    quality = models.CharField("考核系数", max_length=40)
    tie = models.CharField("区域就诊率系数", max_length=80)
    in_region = models.CharField("区域就诊率", max_length=40, blank=True)

    class Meta:
        verbose_name = "总额"
        constraints = [
            models.UniqueConstraint(fields=["run", "consortium_id", "insured_as", "scheme"], name="pool_once_in_run"),
            models.CheckConstraint(
                condition=Q(budget_fen=F("final_fen") + F("kept_by_fund_fen") - F("fund_share_fen")),
                name="pool_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.insured_as} {self.scheme}"

    @property
    def shared_fen(self) -> int:
        """What the county's institutions share."""
        return int(self.stays_fen + self.visits_fen)


class LineResult(models.Model):
    """What one institution gets of a pool.  stays_*, visits_*: its two kinds of care; worth_fen: of its points."""

    row_scope = ByInstitution()

    pool = models.ForeignKey(PoolResult, models.CASCADE, related_name="lines")
    institution = models.ForeignKey(
        Institution, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="机构"
    )
    in_county = models.BooleanField("县内")
    member = models.BooleanField("成员")
    stays = models.IntegerField("住院例数")
    visits = models.IntegerField("门诊人次")
    people = models.IntegerField("签约人数")
    points_e4 = models.BigIntegerField("点数")
    stays_recorded_fen = models.BigIntegerField("住院记账")
    stays_self_fen = models.BigIntegerField("住院个人负担")
    visits_recorded_fen = models.BigIntegerField("门诊记账")
    worth_fen = models.BigIntegerField("点数金额")
    stays_due_fen = models.BigIntegerField("住院应付")
    visits_due_fen = models.BigIntegerField("门诊应付")
    surplus_kept_fen = models.BigIntegerField("留用结余")
    overrun_borne_fen = models.BigIntegerField("自担超支")
    final_fen = models.BigIntegerField("清算")

    class Meta:
        verbose_name = "机构清算"
        constraints = [
            models.UniqueConstraint(fields=["pool", "institution"], name="line_once_in_pool"),
            models.CheckConstraint(
                condition=Q(
                    final_fen=F("stays_recorded_fen")
                    + F("visits_recorded_fen")
                    + F("surplus_kept_fen")
                    - F("overrun_borne_fen")
                ),
                name="line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.final_fen}"

    @property
    def recorded_fen(self) -> int:
        return int(self.stays_recorded_fen + self.visits_recorded_fen)

    @property
    def payable_fen(self) -> int:
        return int(self.stays_due_fen + self.visits_due_fen)


class Clearing(models.Model):
    """A run confirmed as the clearing of its year; a later one says what it corrects and why.

    One clearing a year stands without correcting another, and each is corrected once at most: so they form a chain.
    """

    year = models.IntegerField("年度")
    run = models.OneToOneField(Run, models.PROTECT, related_name="clearing")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.CharField("更正原因", max_length=500, blank=True)
    at = models.DateTimeField("清算时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "年终清算"
        constraints = [
            models.UniqueConstraint(fields=["year"], condition=Q(corrects__isnull=True), name="year_cleared_once"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="correction_says_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} 清算" + (" 更正" if self.corrects_id else "")


class SpecialCase(models.Model):
    """A stay put forward to be judged by itself; judged anew with every run, since the quota is of the whole year."""

    row_scope = ByInstitution()

    stay_id = models.CharField("住院编号", primary_key=True, max_length=64)
    year = models.IntegerField("年度")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name="机构")
    ground = models.CharField("理由", max_length=30, choices=[(ground, ground) for ground in GROUNDS])
    note = models.CharField("说明", max_length=500)
    applied_on = models.DateField("申报日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "特例单议申报"
        constraints = [models.CheckConstraint(condition=Q(ground__in=GROUNDS), name="special_case_ground_known")]

    def __str__(self) -> str:
        return str(self.stay_id)


class Composition(models.Model):
    """How a budget was reckoned: heads, history, growth, deductions (`decisions.budget.Composition`), and the rules.

    heads: [{insured, number, per_head_fen, risk}]; history_fen: last year's first; parts: scheme → fen, summing to net.
    """

    year = models.IntegerField("年度")
    consortium_id = models.CharField("医共体", max_length=64)
    insured_as = models.CharField("参保类型", max_length=20, choices=list(INSURED.items()))
    heads = models.JSONField("人头", default=dict)
    history_fen = models.JSONField("历史支出", default=list)
    growth = models.CharField("增长率", max_length=40)
    by_heads_fen = models.BigIntegerField("按人头")
    by_history_fen = models.BigIntegerField("按历史")
    gross_fen = models.BigIntegerField("总额")
    deductions = models.JSONField("扣除", default=dict)
    net_fen = models.BigIntegerField("可用总额")
    parts = models.JSONField("分项", default=dict)
    rules = models.JSONField("所用规则", default=dict)
    created_at = models.DateTimeField("测算时间", default=clock.now)

    class Meta:
        verbose_name = "总额测算"
        constraints = [
            models.UniqueConstraint(fields=["year", "consortium_id", "insured_as"], name="composed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.consortium_id} {self.insured_as}"


class Month(models.Model):
    """A month's advance and pre-settlement, made once; it is not changed afterwards: the clearing settles the rest."""

    year = models.IntegerField("年度")
    month = models.IntegerField("月份")
    rules = models.JSONField("所用规则", default=dict)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "月度结算"
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="month_settled_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="month_of_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


class MonthLine(models.Model):
    """What an institution is advanced and settled for one budget in a month."""

    row_scope = ByInstitution()

    month = models.ForeignKey(Month, models.CASCADE, related_name="lines")
    consortium_id = models.CharField("医共体", max_length=64)
    insured_as = models.CharField("参保类型", max_length=20, choices=list(INSURED.items()))
    scheme = models.CharField("预算", max_length=20, choices=list(BUDGET_SCHEMES.items()))
    institution = models.ForeignKey(
        Institution, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="机构"
    )
    advance_fen = models.BigIntegerField("预付")
    recorded_fen = models.BigIntegerField("记账")
    settled_fen = models.BigIntegerField("预结算")

    class Meta:
        verbose_name = "月度结算明细"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "consortium_id", "insured_as", "scheme", "institution"], name="month_line_once"
            ),
            models.CheckConstraint(condition=Q(advance_fen__gte=0, settled_fen__gte=0), name="month_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.settled_fen}"

    @property
    def balance_fen(self) -> int:
        """Still to be paid for the month beyond the advance; below 0: paid in advance for later."""
        return int(self.settled_fen - self.advance_fen)


class BudgetUse(models.Model):
    """How much of a budget was used to the end of a month, against the time passed; ratio as an exact fraction."""

    month = models.ForeignKey(Month, models.CASCADE, related_name="uses")
    consortium_id = models.CharField("医共体", max_length=64)
    insured_as = models.CharField("参保类型", max_length=20, choices=list(INSURED.items()))
    scheme = models.CharField("预算", max_length=20, choices=list(BUDGET_SCHEMES.items()))
    budget_fen = models.BigIntegerField("总额")
    spent_fen = models.BigIntegerField("累计支出")
    ratio = models.CharField("使用进度", max_length=80, blank=True)
    tone = models.CharField("状况", max_length=10, choices=labelled(Tone))

    class Meta:
        verbose_name = "总额使用"
        constraints = [
            models.UniqueConstraint(fields=["month", "consortium_id", "insured_as", "scheme"], name="use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.insured_as} {self.scheme} {self.ratio}"


class QuarterWatched(models.Model):
    """A quarter whose budgets were looked at by the timer, so that nobody is told twice; month: its last."""

    year = models.IntegerField("年度")
    month = models.IntegerField("月份")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = "季度预警核对"
        constraints = [models.UniqueConstraint(fields=["year", "month"], name="quarter_watched_once")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"
