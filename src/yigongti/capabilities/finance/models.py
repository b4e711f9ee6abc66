"""The books of sharing: runs with their lines, what shared centres cost, and the ledger of the pooled account.

Double entry by construction: a posting moves a positive amount from one account to another, so every run balances.
What is posted is final: triggers in the database (migration 0002) refuse to change or remove it; a mistake is reversed.
"""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.kernel import clock
from yigongti.kernel.facts.county import PROGRAMMES
from yigongti.kernel.ids import new_id
from yigongti.spine.choices import labelled
from yigongti.spine.places.models import Institution

POOL = "pool"
"""The owner of the consortium's pooled account; every other owner is an institution."""
CENTRES = {"imaging": "影像", "ecg": "心电", "lab": "检验", "pathology": "病理"}

FACTORS = {
    "staff": "人员", "equipment": "设备", "service_capacity": "服务能力", "participation": "参与度", **CENTRES,
    "county": "县级", "township": "乡级", "village": "村级", **PROGRAMMES, "immunization": "预防接种",
    "resident_population": "常住人口", "outpatient_volume": "门诊业务量", "public_health_workload": "公共卫生工作量",
    "geography": "地理面积", "maternal_child_immunisation_posts": "妇幼计免岗位",
}  # fmt: skip
"""By what money is shared: the codes of rules, centres, tiers and services in words."""


class Kind(StrEnum):
    """What is shared."""

    APPORTIONMENT = "apportionment"
    DISTRIBUTION = "distribution"
    PERFORMANCE = "performance"
    PURCHASE = "purchase"
    ZONES = "zones"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.APPORTIONMENT: "共享中心成本分摊",
    Kind.DISTRIBUTION: "利益分配",
    Kind.PERFORMANCE: "绩效分配",
    Kind.PURCHASE: "按结果购买服务",
    Kind.ZONES: "片区资源配置",
}


class CentreCost(models.Model):
    """What a shared centre cost in a month, borne by its host until it is apportioned."""

    consortium_id = models.CharField("医共体编号", max_length=64)
    centre = models.CharField("共享中心", max_length=20, choices=list(CENTRES.items()))
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name="承办机构")
    month = models.CharField("月份", max_length=7)
    amount_fen = models.BigIntegerField("成本(分)")
    evidence = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "共享中心成本"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="centre_cost_positive"),
            models.UniqueConstraint(
                fields=["consortium_id", "centre", "institution", "month"], name="centre_cost_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre} {self.month} {self.amount_fen}"


class Run(models.Model):
    """One sharing of money.  rules: rule id → [version, value in words]; evaluation_id: the frozen evaluation that gave
    coefficients; digest: over what it rests on; left_fen: what stays in the pool; posted_at: when it entered the books;
    reversed_at: when a correction took it back."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    kind = models.CharField("种类", max_length=20, choices=labelled(Kind))
    consortium_id = models.CharField("医共体编号", max_length=64)
    period_start = models.DateField("起")
    period_end = models.DateField("止")
    total_fen = models.BigIntegerField("总额(分)")
    left_fen = models.BigIntegerField("留存(分)", default=0)
    source = models.CharField("资金来源", max_length=200)
    rules = models.JSONField("所用规则", default=dict)
    evaluation_id = models.CharField("年度评价批次", max_length=26, blank=True)
    facts_as_of = models.DateTimeField("数据截至", null=True)
    digest = models.CharField("校验", max_length=64)
    code_version = models.CharField("程序版本", max_length=40)
    created_at = models.DateTimeField("测算时间", default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField("入账时间", null=True)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField("冲销时间", null=True)

    class Meta:
        verbose_name = "分配批次"
        constraints = [
            models.CheckConstraint(condition=Q(total_fen__gte=0, left_fen__gte=0), name="sharing_not_negative"),
            models.CheckConstraint(condition=Q(left_fen__lte=F("total_fen")), name="sharing_left_of_total"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="sharing_period"),
            models.UniqueConstraint(
                fields=["kind", "consortium_id", "period_start", "period_end"],
                condition=Q(posted_at__isnull=False, reversed_at__isnull=True),
                name="sharing_posted_once",
            ),
        ]
        indexes = [models.Index(fields=["consortium_id", "-created_at"], name="sharing_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.consortium_id} {self.period_start}"

    @property
    def state(self) -> str:
        if self.reversed_at:
            return "已冲销"
        return "已入账" if self.posted_at else "测算"


class Line(models.Model):
    """One member's part of one pot of a run.  basis, whole, weight, coefficient: exact fractions as text ("9/10");
    price_fen: of a service bought; zone_id: where a zone is the member."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="lines")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    zone_id = models.CharField("片区", max_length=64, blank=True)
    factor = models.CharField("因素", max_length=40)
    weight = models.CharField("权重", max_length=40)
    pot_fen = models.BigIntegerField("该项金额(分)")
    basis = models.CharField("本单位的数", max_length=60)
    whole = models.CharField("合计的数", max_length=60)
    coefficient = models.CharField("系数", max_length=40, default="1")
    price_fen = models.BigIntegerField("单价(分)", null=True)
    amount_fen = models.BigIntegerField("金额(分)")

    class Meta:
        verbose_name = "分配明细"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="sharing_line_not_negative"),
            models.UniqueConstraint(fields=["run", "institution", "zone_id", "factor"], name="sharing_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.institution_id or self.zone_id} {self.factor} {self.amount_fen}"


class Posting(models.Model):
    """Money moved from one account to another, on a day.  owners: an institution's id or POOL."""

    consortium_id = models.CharField("医共体编号", max_length=64)
    day = models.DateField("日期")
    from_owner = models.CharField("付方", max_length=64)
    from_account = models.CharField("付方科目", max_length=60)
    to_owner = models.CharField("收方", max_length=64)
    to_account = models.CharField("收方科目", max_length=60)
    amount_fen = models.BigIntegerField("金额(分)")
    memo = models.CharField("摘要", max_length=200)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="postings")
    request_id = models.CharField("请求编号", max_length=64, unique=True)
    at = models.DateTimeField("记账时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "资金分录"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="posting_positive"),
            models.CheckConstraint(
                condition=~Q(from_owner=F("to_owner"), from_account=F("to_account")), name="posting_moves"
            ),
        ]
        indexes = [
            models.Index(fields=["consortium_id", "-day", "-id"], name="posting_of_consortium"),
            models.Index(fields=["run"], name="posting_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.from_owner} → {self.to_owner} {self.amount_fen}"
