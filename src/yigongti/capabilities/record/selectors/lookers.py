"""Who looked at a record: what the audit trail says about it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yigongti.kernel.roles import SYSTEM
from yigongti.spine.access.models import User
from yigongti.spine.audit.models import AuditRecord

MOST = 100
ACTIONS = {
    "read_person": gettext_noop("查阅档案"),
    "read_person_refused": gettext_noop("查阅被拒绝"),
    "read_case": gettext_noop("查阅事项"),
    "break_glass": gettext_noop("紧急查阅"),
    "consent_given": gettext_noop("登记同意"),
    "consent_ended": gettext_noop("终止同意"),
    "case_step": gettext_noop("办理事项"),
    "booking_step": gettext_noop("办理预约"),
    "read_booking": gettext_noop("查阅预约"),
    "join_waiting_list": gettext_noop("登记候补"),
    "leave_waiting_list": gettext_noop("退出候补"),
    "read_waiting": gettext_noop("查看候补"),
    "rate_service": gettext_noop("评价就诊"),
    "create_account": gettext_noop("开通账号"),
}
PURPOSES = {
    "record": gettext_noop("档案"),
    "timeline": gettext_noop("时间轴"),
    "vitals": gettext_noop("体征"),
    "charges": gettext_noop("费用"),
    "readers": gettext_noop("查阅记录"),
    "identity": gettext_noop("身份信息"),
    "consents": gettext_noop("同意"),
    "portal": gettext_noop("居民服务"),
    "booking": gettext_noop("预约"),
    "referral": gettext_noop("转诊"),
    "contract": gettext_noop("签约"),
}
BASES = {
    "own": gettext_noop("本人"),
    "consent": gettext_noop("本人同意"),
    "treatment": gettext_noop("诊疗关系"),
    "programme": gettext_noop("专案管理"),
    "contract": gettext_noop("家庭医生签约"),
    "break_glass": gettext_noop("紧急查阅"),
}


@dataclass(frozen=True)
class Look:
    """One look at the record: who, when, what they did, of what, on which basis or for which reason."""

    at: datetime
    who: str
    action: str
    purpose: str
    basis: str
    tone: str


def lookers(resident_id: str, *, but: str = "") -> list[Look]:
    """The latest looks at somebody's record, newest first, at most MOST; those of the account named `but` left out."""
    rows = list(AuditRecord.objects.filter(resident_id=resident_id).exclude(actor=but).order_by("-at")[:MOST])
    names = _names(row.actor for row in rows)
    return [_look(row, names.get(row.actor, row.actor)) for row in rows]


def basis_label(kind: str) -> str:
    """What people call a basis; its identifier where this list does not know it."""
    return _(BASES[kind]) if kind in BASES else kind


def _look(row: AuditRecord, who: str) -> Look:
    detail = json.loads(row.detail)
    purpose, basis = detail.get("purpose", ""), detail.get("basis") or ""
    tone = {"read_person_refused": "bad", "break_glass": "warn"}.get(row.action, "plain")
    return Look(
        at=row.at,
        who=who,
        action=_(ACTIONS[row.action]) if row.action in ACTIONS else row.action,
        purpose=_(PURPOSES[purpose]) if purpose in PURPOSES else purpose,
        basis=detail.get("reason") or basis_label(basis),
        tone=tone,
    )


def _names(actors: Iterable[str]) -> dict[str, str]:
    known = User.objects.filter(username__in=set(actors)).values_list("username", "display_name")
    return {SYSTEM: _("系统"), **dict(known)}
