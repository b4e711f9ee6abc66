"""Teams, contracts, who has a valid one, and what falls due of it.

A contract is a case: only its workflow's steps change where it stands.  `ValidContract` has one row a person with a
contract in force, whether made here or brought by a file: its primary key is what allows one a person.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.capabilities.contract.decisions.packages import DUTIES, PREFIX
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.models import Case
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident, Staff
from yigongti.spine.places.models import Institution
from yigongti.spine.row_scope import ByInstitution

SAID = {"": "未评价", "confirmed": "认可", "disputed": "有异议"}
FOLLOWS = {"": "新签", "renewal": "续签", "transfer": "转签"}
FOUND, ENTERED = "record", "entry"
HOW = {"": "未完成", FOUND: "档案记录", ENTERED: "团队登记"}


def package_names() -> list[tuple[str, str]]:
    """Every package that the county's rules have on any day, by code: how a stored code is read."""
    rules = county_rules().rules
    return [(key.removeprefix(PREFIX), rule.label) for key, rule in rules.items() if key.startswith(PREFIX)]


class Team(models.Model):
    """A family-doctor team.  Its id is the `team_id` of the facts; closed_on: the first day on which it no longer
    works; is_model: a team that the county shows as an example (BN-10 精品团队)."""

    team_id = models.CharField("团队编号", primary_key=True, max_length=64, default=new_id)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name="所在机构")
    name = models.CharField("团队名称", max_length=100)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    is_model = models.BooleanField("精品团队", default=False)
    opened_on = models.DateField("成立日期")
    closed_on = models.DateField("停止日期", null=True, blank=True)

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "家庭医生团队"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="team_closed_after_opened"
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class Member(models.Model):
    """Somebody's part in a team.  duty "specialist": support by a doctor of the county level, from another institution
    (YN-11); staff is soft: offices send files in any order."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    staff = models.ForeignKey(Staff, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="人员编号")
    name = models.CharField("姓名", max_length=50, blank=True)
    duty = models.CharField("职责", max_length=20, choices=list(DUTIES.items()))
    since = models.DateField("加入日期")
    until = models.DateField("离开日期", null=True, blank=True)

    class Meta:
        verbose_name = "团队成员"
        constraints = [
            models.UniqueConstraint(fields=["team", "staff"], condition=Q(until__isnull=True), name="member_once"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(until__isnull=True, duty="leader"), name="member_one_leader"
            ),
            models.CheckConstraint(condition=Q(duty__in=list(DUTIES)), name="member_duty_known"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.duty}"


class Contract(Case):
    """One agreement.  package: the code of its rule; paper: the number of the signed paper ("" where the resident
    agreed on the phone); household: the same for contracts that a family signed together.

    county_hospital and city_hospital: the others of a 1+1+1 combination; follows: why there is a predecessor.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="contracts", verbose_name="团队")
    package = models.CharField("服务包", max_length=40, choices=package_names)
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期")
    years = models.PositiveSmallIntegerField("协议年数")
    paper = models.CharField("纸质协议编号", max_length=60, blank=True)
    household = models.CharField("家庭编号", max_length=26, blank=True, db_index=True, editable=False)
    county_hospital = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+", verbose_name="组合中的县级医院"
    )
    city_hospital = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+", verbose_name="组合中的市级医院"
    )
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    follows = models.CharField("签约方式", max_length=10, choices=list(FOLLOWS.items()), blank=True)

    class Meta:
        verbose_name = "签约"
        constraints = [
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="contract_ends_after_start"),
            models.CheckConstraint(condition=Q(follows__in=list(FOLLOWS)), name="contract_follows_known"),
        ]


class ValidContract(models.Model):
    """Who has a contract in force now, one row a person.  case: the contract where it was made here; a row without
    one comes from a file.  package: its name as the facts give it."""

    resident = models.OneToOneField(
        Resident, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    contract_id = models.CharField("签约编号", max_length=64)
    institution = models.ForeignKey(Institution, models.DO_NOTHING, db_constraint=False, related_name="+")
    team_id = models.CharField("团队编号", max_length=64, db_index=True)
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期")
    package = models.CharField("服务包", max_length=100)
    paid = models.BooleanField("是否有偿")
    case = models.OneToOneField(Contract, models.PROTECT, null=True, related_name="valid")

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "有效签约"

    def __str__(self) -> str:
        return f"{self.resident_id} {self.contract_id}"


class DueItem(models.Model):
    """An item of a contract that is to be done between two days.

    number: of the contract, whether made here (contract) or brought by a file (None); resident, institution, team_id:
    as the contract has them; name, by, evidence: as the package said when it was scheduled; done_on, how, proof,
    performer: when, by what and at which of the team's sites it was fulfilled; said: what the resident says of it;
    dispute: where that is dealt with; told: whether the fact that it is overdue has been published.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, null=True, related_name="items")
    number = models.CharField("签约编号", max_length=64)
    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+")
    institution = models.ForeignKey(
        Institution, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    team_id = models.CharField("团队编号", max_length=64)
    item = models.CharField("项目编号", max_length=40)
    name = models.CharField("项目", max_length=100)
    by = models.CharField("由谁完成", max_length=20, choices=list(DUTIES.items()))
    evidence = models.CharField("证明", max_length=100)
    opens_on = models.DateField("可做日期")
    due_on = models.DateField("应完成日期")
    done_on = models.DateField("完成日期", null=True)
    how = models.CharField("如何完成", max_length=10, choices=list(HOW.items()), blank=True)
    proof = models.CharField("依据", max_length=300, blank=True)
    performer = models.ForeignKey(
        Institution, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="完成机构",
    )  # fmt: skip
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said = models.CharField("居民评价", max_length=10, choices=list(SAID.items()), blank=True)
    remark = models.CharField("居民意见", max_length=300, blank=True)
    said_at = models.DateTimeField("评价时间", null=True)
    dispute = models.OneToOneField(Case, models.PROTECT, null=True, related_name="disputed_item")
    told = models.BooleanField(default=False)

    class Meta:
        verbose_name = "签约服务项目"
        ordering: ClassVar[list[str]] = ["due_on", "item"]
        constraints = [
            models.UniqueConstraint(fields=["number", "item", "due_on"], name="due_item_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="due_item_window"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, how="") | Q(done_on__isnull=False, how__in=[FOUND, ENTERED]),
                name="due_item_done_somehow",
            ),
            models.CheckConstraint(condition=Q(said="") | Q(done_on__isnull=False), name="due_item_said_of_done"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="due_item_open"),
            models.Index(fields=["team_id", "due_on"], name="due_item_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.item} {self.due_on}"


class Planned(models.Model):
    """On which terms the items of a contract that a file brought have been scheduled: other terms, scheduled anew."""

    number = models.CharField("签约编号", primary_key=True, max_length=64)
    package = models.CharField("服务包", max_length=100)
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期")

    class Meta:
        verbose_name = "已排服务项目的签约"

    def __str__(self) -> str:
        return f"{self.number} {self.package}"


class TeamMark(models.Model):
    """One indicator of the contracts' quality as measured for a team over a year (so far).  value: None where it could
    not be measured; why_null says why.  team_id: as the facts give it, described here or not."""

    team_id = models.CharField("团队编号", max_length=64)
    year = models.PositiveSmallIntegerField("年度")
    indicator = models.CharField("指标", max_length=80)
    numerator = models.FloatField("分子", null=True)
    denominator = models.FloatField("分母", null=True)
    value = models.FloatField("数值", null=True)
    why_null = models.CharField("为何没有数值", max_length=120, blank=True)
    rule_versions = models.JSONField("所用规则", default=dict)

    class Meta:
        verbose_name = "团队质量指标"
        constraints = [models.UniqueConstraint(fields=["year", "team_id", "indicator"], name="team_mark_once")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.year} {self.indicator}"


class IssuedStatement(models.Model):
    """A team's yearly fee as it was issued: final, the database refuses to change it.  What turns out otherwise later
    is a new statement that corrects this one and tells the difference.

    sheet: everything it says and rests on; digest: SHA-256 of what it rests on (contracts, measured quality, members,
    versions of rules); difference_fen: against the one it corrects, or against nothing.
    """

    statement_id = models.CharField("结算单编号", primary_key=True, max_length=26, default=new_id)
    team = models.ForeignKey(Team, models.PROTECT, related_name="statements", verbose_name="团队")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("第几号")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField("更正原因", max_length=300, blank=True)
    total_fen = models.BigIntegerField("应付(分)")
    difference_fen = models.BigIntegerField("差额(分)")
    sheet = models.JSONField("内容")
    digest = models.CharField("依据指纹", max_length=64)
    issued_at = models.DateTimeField("定稿时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "签约服务费结算单"
        ordering: ClassVar[list[str]] = ["team", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "year", "number"], name="issued_statement_numbered"),
            models.CheckConstraint(
                condition=Q(number=1, corrects__isnull=True) | Q(number__gt=1, corrects__isnull=False),
                name="issued_statement_later_ones_correct",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.year}-{self.number}"


class Watermark(models.Model):
    """Up to where a job has followed the lake: the instant of the facts, and the day on which it looked."""

    name = models.CharField(primary_key=True, max_length=40)
    as_of = models.DateTimeField(null=True)
    day = models.DateField()

    class Meta:
        verbose_name = "进度"

    def __str__(self) -> str:
        return f"{self.name} {self.as_of}"
