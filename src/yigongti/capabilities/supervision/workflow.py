"""A lead from found to the end: handed out, looked into, answered by the institution, judged, its money back (YN-14).

The case belongs to the county; its counterpart is the institution that it concerns, which answers before it is judged.
"""

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

INSPECTORS = frozenset({Role.INSURER, Role.BUREAU})
"""Who handles leads: the insurance office and the health bureau."""
READERS = INSPECTORS | {Role.AUDITOR, Role.MANAGER}
"""Who sees them: a manager those of the own institution."""

BASES = {
    "15": "条例第十五条(分解住院、重复收费、超标准收费、串换、过度诊疗等)",
    "38": "条例第三十八条(造成基金损失)",
    "39": "条例第三十九条(管理要求)",
    "40": "条例第四十条(骗取基金)",
    "agreement": "服务协议",
}
"""On what a violation is judged."""

REPORTED = "report"
"""What stands for a detector where a lead came from a report or another office instead of a sweep."""

SUPERVISION_LEAD = Workflow(
    "supervision_lead",
    label="基金监管线索",
    states={
        "found": "待分办", "assigned": "核查中", "asked": "待机构申辩", "answered": "已申辩,待认定",
        "violation": "已认定违规,待退回", "suspicious": "存疑,待复查", "cleared": "已排除", "recovered": "已退回",
        "transferred": "已移送", "closed": "已办结",
    },
    initial="found",
    final={"cleared", "recovered", "transferred", "closed"},
    opened_by=INSPECTORS | {SYSTEM},
    shown_to=READERS,
    opening=("detector", "day", "amount_fen"),
    fields=(
        Column("detector", "筛查规则", Kind.CODE,
               choices={REPORTED: "举报或移交", **{name: each.label for name, each in DETECTORS.items()}}),
        Column("day", "发生日期", Kind.DAY),
        Column("amount_fen", "涉及基金", Kind.FEN, low=0),
        Column("inspector", "承办人", Kind.TEXT),
        Column("inquiry", "核查情况", Kind.TEXT),
        Column("answer", "申辩意见", Kind.TEXT),
        Column("accepts", "机构自查结论", Kind.CODE, choices={"yes": "认可", "partly": "部分认可", "no": "不认可"}),
        Column("basis", "认定依据", Kind.CODE, choices=BASES),
        Column("judged_fen", "应退基金(元)", Kind.FEN, low=1),
        Column("reduced_fen", "减少(元)", Kind.FEN, low=1),
        Column("received_fen", "退回(元)", Kind.FEN, low=1),
        Column("recipient", "移送单位", Kind.TEXT),
    ),
    source="yunnan-2024-17 14",
    steps=(
        Step("assign", "found", "assigned", by=INSPECTORS, at="county", label="分办", needs=("inspector",),
             asks=("note",), deadline="supervision.lead.assign_within"),
        Step("dismiss", {"found", "assigned"}, "cleared", by=INSPECTORS, at="county", label="排除", needs=("reason",)),
        Step("ask", "assigned", "asked", by=INSPECTORS, at="county", label="核查取证,交机构申辩",
             needs=("inquiry",), deadline="supervision.lead.investigate_within"),
        Step("answer", "asked", "answered", by=Role.MANAGER, at="receiver", label="申辩",
             needs=("accepts", "answer"), deadline="supervision.lead.answer_within"),
        Step("pass_over", "asked", "answered", by=INSPECTORS, at="county", label="逾期未申辩,转认定",
             needs=("reason",), guard="answer_is_late"),
        Step("judge_violation", "answered", "violation", by=INSPECTORS, at="county", label="认定违规",
             needs=("basis", "judged_fen", "reason"), guard="may_judge", effect="enter_judged",
             deadline="supervision.lead.judge_within"),
        Step("judge_violation", "suspicious", "violation", by=INSPECTORS, at="county", label="认定违规",
             needs=("basis", "judged_fen", "reason"), guard="may_judge", effect="enter_judged",
             deadline="supervision.lead.watch_within"),
        Step("judge_suspicious", "answered", "suspicious", by=INSPECTORS, at="county", label="存疑",
             needs=("reason",)),
        Step("clear", {"answered", "suspicious"}, "cleared", by=INSPECTORS, at="county", label="排除",
             needs=("reason",)),
        Step("receive", "violation", "violation", by=INSPECTORS, at="county", label="登记退回",
             needs=("received_fen",), asks=("note",), guard="may_receive", effect="enter_received",
             deadline="supervision.lead.recover_within"),
        Step("reduce", "violation", "violation", by=INSPECTORS, at="county", label="复核减少",
             needs=("reduced_fen", "reason"), guard="may_reduce", effect="enter_reduced"),
        Step("finish", "violation", "recovered", by=INSPECTORS, at="county", label="全部退回,办结",
             guard="nothing_outstanding"),
        Step("transfer", {"answered", "violation"}, "transferred", by=INSPECTORS, at="county", label="移送",
             needs=("recipient", "reason")),
        Step("write_off", "violation", "closed", by=INSPECTORS, at="county", label="核销余额,办结",
             needs=("reason",), effect="enter_written_off"),
    ),
)  # fmt: skip
