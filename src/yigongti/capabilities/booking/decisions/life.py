"""A booking's life, declared with the kernel's words and proven closed by its `problems`.

It is not among the registry's workflows: a booking is kept by its own model, for its number and its speed
(docs/decisions/0010).
"""

from enum import StrEnum

from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

BOOKERS = frozenset({Role.VILLAGE_DOCTOR, Role.FAMILY_DOCTOR, Role.CLINICIAN, Role.REFERRAL_DESK})
"""Who books for somebody else."""
HOSTS = frozenset({Role.CLINICIAN, Role.TECHNICIAN, Role.REFERRAL_DESK, Role.MANAGER})
"""Who receives people at the institution that a resource belongs to, and keeps its schedules."""


class Source(StrEnum):
    """Through whom somebody books."""

    RESIDENT = "resident"
    DOCTOR = "doctor"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        return {"resident": "居民自约", "doctor": "医生代约", "referral": "转诊预约"}[self]


LIFE = Workflow(
    "booking",
    label="预约",
    states={
        "booked": "已预约", "checked_in": "已签到", "served": "已就诊", "cancelled": "已取消", "moved": "已改期",
        "no_show": "爽约",
    },
    initial="booked",
    final={"served", "cancelled", "moved", "no_show"},
    opened_by=BOOKERS | {Role.RESIDENT, SYSTEM},
    steps=(
        Step("check_in", "booked", "checked_in", by=HOSTS | {Role.RESIDENT}, at="receiver", label="签到"),
        Step("serve", "checked_in", "served", by=HOSTS, at="receiver", label="完成"),
        Step("cancel", "booked", "cancelled", by=BOOKERS | HOSTS | {Role.RESIDENT, SYSTEM}, label="取消",
             needs=("reason",)),
        Step("leave", "checked_in", "cancelled", by=HOSTS, at="receiver", label="未诊离开", needs=("reason",)),
        Step("move", "booked", "moved", by=BOOKERS | HOSTS | {Role.RESIDENT, SYSTEM}, label="改期"),
        Step("miss", "booked", "no_show", by=HOSTS | {SYSTEM}, at="receiver", label="记为爽约"),
    ),
    source="changzhou-2023 一站式服务",
)  # fmt: skip

HOLDING = ("booked", "checked_in", "served", "no_show")
"""The states in which a booking has its seat; a seat that was served or missed is used up."""
