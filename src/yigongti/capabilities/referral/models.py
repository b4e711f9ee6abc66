"""Referrals of every direction: one row a referral, its columns beside the common ones of a case."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yigongti.capabilities.referral.workflow import CONSENT_FORMS, DIRECTIONS, OUTCOMES, REASONS
from yigongti.kernel.facts import COUNTY
from yigongti.spine.access.models import Consent
from yigongti.spine.cases.models import Case

ATTACHABLE = tuple(
    name for name, table in COUNTY.items() if table.person and name not in ("resident", "identity", "charge")
)
"""Fact tables whose entries of the record may go with a referral."""


class Referral(Case):
    """A patient sent up, sideways, down or out of the county, and back.

    findings: name → number or sign, as the criteria ask; judgement: what the criteria said when it was sent;
    previous: the referral that this one carries on (village → centre → hospital); stay_id: the stay it led to, and
    matched_by whether the hospital's file named it or it was found by person, place and time.
    """

    direction = models.CharField("方向", max_length=10, choices=list(DIRECTIONS.items()))
    reason_code = models.CharField("转诊理由", max_length=40, choices=list(REASONS.items()))
    summary = models.TextField("病情摘要")
    diagnosis = models.JSONField("初步诊断", default=list)
    consent_form = models.CharField("知情同意", max_length=10, choices=list(CONSENT_FORMS.items()))
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, editable=False, related_name="+")
    findings = models.JSONField("体征与急症表现", default=dict, editable=False)
    judgement = models.JSONField("标准判断", default=dict, editable=False)
    is_emergency = models.BooleanField("急转", default=False, editable=False)
    previous = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="onward")
    certificate_number = models.CharField("医保转诊证明号", max_length=60, null=True)

    sent_at = models.DateTimeField("发出时间", null=True, editable=False)
    accepted_at = models.DateTimeField("接收时间", null=True, editable=False)
    arrived_at = models.DateTimeField("到诊时间", null=True, editable=False)
    returned_at = models.DateTimeField("交回时间", null=True, editable=False)
    taken_over_at = models.DateTimeField("接手时间", null=True, editable=False)
    followed_up_at = models.DateTimeField("首次随访时间", null=True, editable=False)

    appointment_at = models.DateTimeField("预约时间", null=True, editable=False)
    booking_id = models.CharField("预约编号", max_length=64, null=True, editable=False)
    reserved = models.BooleanField("使用预留资源", default=False, editable=False)

    discharge_diagnosis = models.JSONField("出院诊断", editable=False, null=True)
    discharge_summary = models.TextField("诊疗经过", editable=False, null=True)
    plan = models.TextField("后续治疗与随访计划", editable=False, null=True)
    drugs = models.JSONField("带药与用法", editable=False, null=True)
    warning_signs = models.TextField("需立即就诊的情况", editable=False, null=True)
    follow_up_by = models.DateField("首次随访不晚于", editable=False, null=True)
    outcome = models.CharField("结局", max_length=20, null=True, choices=list(OUTCOMES.items()))
    stay_id = models.CharField("住院编号", max_length=64, null=True, editable=False)
    matched_by = models.CharField(
        "住院关联方式", max_length=10, null=True, editable=False, choices=[("number", "按转诊编号"), ("time", "按时间")]
    )

    class Meta:
        verbose_name = "转诊"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(direction__in=sorted(DIRECTIONS)), name="referral_direction_known"),
            models.CheckConstraint(condition=Q(reason_code__in=sorted(REASONS)), name="referral_reason_known"),
            models.UniqueConstraint(fields=["consent"], name="referral_one_consent"),
            models.UniqueConstraint(fields=["stay_id"], name="referral_one_stay"),
        ]
        indexes = [
            models.Index(fields=["sent_at"], name="referral_sent"),
            models.Index(
                fields=["arrived_at"],
                condition=Q(stay_id__isnull=True, arrived_at__isnull=False),
                name="referral_no_stay",
            ),
        ]  # fmt: skip


class Attachment(models.Model):
    """An entry of the patient's record that goes with a referral; what it says is read from the record."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="attachments")
    table = models.CharField("事实表", max_length=40)
    key = models.CharField("编号", max_length=200)
    day = models.DateField("日期")

    class Meta:
        verbose_name = "转诊附件"
        constraints = [models.UniqueConstraint(fields=["referral", "table", "key", "day"], name="attachment_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.table} {self.key}"
