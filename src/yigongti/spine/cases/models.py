"""Cases of every workflow, what happened to them, and the facts that wait for the lake.

A capability whose cases need columns of their own derives its model from Case (`class Referral(Case)`): the common
columns stay in one table, so that a work list over all workflows is one query.  What has no column is in `payload`.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.kernel.ids import new_id
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

OPEN = Q(closed_at__isnull=True)


class Case(models.Model):
    """One case of a workflow.  Only the engine writes state, version, due_at and the instants.

    institution: the side that opened it (None: the county); counterpart: the side that serves it, where there is
    one; entered_at: since when it is in its state; due_at: by when the earliest step that has a deadline is due.
    """

    case_id = models.CharField("事项编号", primary_key=True, max_length=26, default=new_id, editable=False)
    workflow = models.CharField("流程", max_length=60, editable=False)
    state = models.CharField("状态", max_length=60, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    title = models.CharField("摘要", max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    counterpart = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+", db_index=False
    )
    opener = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField("发起时间", editable=False)
    entered_at = models.DateTimeField("进入当前状态时间", editable=False)
    due_at = models.DateTimeField("应办时间", null=True, editable=False)
    escalated_at = models.DateTimeField("超时提醒时间", null=True, editable=False)
    closed_at = models.DateTimeField("办结时间", null=True, editable=False)
    payload = models.JSONField("表单内容", default=dict, editable=False)

    class Meta:
        verbose_name = "事项"
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="case_version_counts"),
            models.CheckConstraint(condition=Q(entered_at__gte=F("opened_at")), name="case_entered_after_opened"),
            models.CheckConstraint(condition=OPEN | Q(due_at__isnull=True), name="case_closed_is_not_due"),
        ]
        indexes = [  # the first four hold all that a page of a work list asks for, in its order (`listing`)
            models.Index(fields=["due_at", "case_id", "workflow", "state"], condition=OPEN, name="case_open_by_due"),
            models.Index(fields=["workflow", "state", "due_at", "case_id"], condition=OPEN, name="case_open_in_state"),
            models.Index(
                fields=["institution", "due_at", "case_id", "workflow", "state"],
                condition=OPEN,
                name="case_open_opened",
            ),
            models.Index(
                fields=["counterpart", "due_at", "case_id", "workflow", "state"],
                condition=OPEN,
                name="case_open_served",
            ),
            models.Index(fields=["due_at"], condition=OPEN & Q(escalated_at__isnull=True), name="case_to_escalate"),
            models.Index(fields=["-opened_at", "-case_id"], name="case_latest"),
            models.Index(fields=["workflow", "-opened_at", "-case_id"], name="case_latest_of_workflow"),
            models.Index(fields=["institution", "-opened_at", "-case_id"], name="case_latest_opened"),
            models.Index(fields=["counterpart", "-opened_at", "-case_id"], name="case_latest_served"),
            models.Index(fields=["opener", "-opened_at"], name="case_of_opener"),
            models.Index(fields=["resident", "-opened_at"], name="case_of_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.case_id} {self.state}"


class CaseEvent(models.Model):
    """One step that was taken.  `version` is the case's after it; `request_id` makes a repeat harmless."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField("版本")
    step = models.CharField("步骤", max_length=60)
    from_state = models.CharField("原状态", max_length=60, null=True)
    to_state = models.CharField("新状态", max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField("角色", max_length=30)
    institution_id = models.CharField("办理机构编号", max_length=64, null=True)
    at = models.DateTimeField("时间")
    due_at = models.DateTimeField("应完成时间", null=True)
    late = models.BooleanField("是否超时")
    request_id = models.CharField("请求编号", max_length=64, unique=True)
    data = models.JSONField("表单内容", default=dict)

    class Meta:
        verbose_name = "办理记录"
        ordering: ClassVar[list[str]] = ["case", "version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="case_event_one_a_version")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version} {self.step}"


class CaseStepFact(models.Model):
    """A row of the fact table `case_step` on its way to the lake (`buffer`); columns are the dictionary's."""

    case_id = models.CharField("事项编号", max_length=26)
    at = models.DateTimeField("时间")
    step = models.CharField("步骤", max_length=60)
    workflow = models.CharField("流程", max_length=60)
    from_state = models.CharField("原状态", max_length=60, null=True)
    to_state = models.CharField("新状态", max_length=60)
    institution_id = models.CharField("机构编号", max_length=64, null=True)
    role = models.CharField("角色", max_length=30)
    due_at = models.DateTimeField("应完成时间", null=True)
    late = models.BooleanField("是否超时")
    synced_at = models.DateTimeField("入湖时间", null=True)

    class Meta:
        verbose_name = "流程步骤事实"
        constraints = [models.UniqueConstraint(fields=["case_id", "at", "step"], name="case_step_key")]
        indexes = [models.Index(fields=["id"], condition=Q(synced_at__isnull=True), name="case_step_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at} {self.step}"


class LiveFact(models.Model):
    """The present state of a fact that live work makes, on its way to the lake (`live_facts`).

    key: the values of the fact's key, joined by "|"; row: the dictionary's columns that have a value, as JSON;
    revision: counts the changes; synced_at: null while this revision waits.
    """

    table = models.CharField("事实表", max_length=40)
    key = models.CharField("编号", max_length=200)
    row = models.JSONField("内容")
    revision = models.PositiveIntegerField("修订", default=1)
    synced_at = models.DateTimeField("入湖时间", null=True)

    class Meta:
        verbose_name = "在办业务的事实"
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="live_fact_once")]
        indexes = [models.Index(fields=["table", "id"], condition=Q(synced_at__isnull=True), name="live_fact_waiting")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
