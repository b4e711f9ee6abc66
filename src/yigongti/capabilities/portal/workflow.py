"""A resident's complaint: taken on, answered, and either accepted by the resident or looked into by the county.

Who was complained about answers first; whoever is not content is heard by the health bureau, whose word ends it.
What is left lying there comes before the bureau by itself.
"""

from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

ABOUT = {
    "attitude": "服务态度", "waiting": "等候时间", "fee": "收费", "quality": "诊疗质量", "privacy": "隐私",
    "booking": "预约与转诊", "contract": "签约服务", "other": "其他",
}  # fmt: skip
"""What a complaint is about."""

COMPLAINT = Workflow(
    "complaint",
    label="投诉",
    states={
        "submitted": "已提交", "accepted": "已受理", "answered": "已答复", "objected": "待县级复核",
        "closed": "已办结", "withdrawn": "已撤回",
    },
    initial="submitted",
    final={"closed", "withdrawn"},
    opened_by=Role.RESIDENT,
    opening=("counterpart", "about", "told"),
    fields=(
        Column("about", "事由", Kind.CODE, choices=ABOUT),
        Column("told", "情况说明", Kind.TEXT),
        Column("answer", "答复", Kind.TEXT),
        Column("finding", "复核意见", Kind.TEXT),
    ),
    source="banan-2024-5 三(二)",
    steps=(
        Step("accept", "submitted", "accepted", by=Role.MANAGER, at="receiver", label="受理",
             deadline="portal.complaint_accept_within"),
        Step("answer", "accepted", "answered", by=Role.MANAGER, at="receiver", label="答复", needs=("answer",),
             deadline="portal.complaint_answer_within"),
        Step("agree", "answered", "closed", by=Role.RESIDENT, at="sender", label="满意,办结"),
        Step("object", "answered", "objected", by=Role.RESIDENT, at="sender", label="不满意", needs=("reason",)),
        Step("lapse", "answered", "closed", by=SYSTEM, at="county", label="到期办结",
             deadline="portal.complaint_closes_after"),
        Step("decide", "objected", "closed", by=Role.BUREAU, at="county", label="复核办结", needs=("finding",),
             deadline="portal.complaint_decide_within"),
        Step("raise", {"submitted", "accepted"}, "objected", by=SYSTEM, at="county", label="逾期转县级"),
        Step("withdraw", {"submitted", "accepted", "answered", "objected"}, "withdrawn", by=Role.RESIDENT, at="sender",
             label="撤回"),
    ),
)  # fmt: skip
