"""Two loops: a policy document from draft to its end, and each of its tasks from planned to closed (BN-21, YN-14).

A document's tasks exist once it is put in force.  What a task's light says comes from measured indicators
(`decisions.lights`), never from a step's form.
"""

from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

KEEPERS = frozenset({Role.BUREAU})
"""Who keeps the ledger: imports, confirms, checks, closes."""
DOERS = frozenset({Role.BUREAU, Role.MANAGER, Role.INSURER, Role.CDC})
"""Who answers for tasks: departments of the county, and managers of the institutions that tasks are given to."""

OUTCOMES = {"achieved": "目标已实现", "ended": "任务已办结,无量化目标", "unachieved": "未实现,说明原因后关闭"}
"""How a closed task ended."""

POLICY_DOCUMENT = Workflow(
    "policy_document",
    label="政策文件",
    states={
        "draft": "待核对", "confirmed": "已确认", "in_force": "执行中", "replaced": "已被替代", "withdrawn": "已废止",
        "discarded": "已弃用",
    },
    initial="draft",
    final={"replaced", "withdrawn", "discarded"},
    opened_by=KEEPERS | {SYSTEM},
    opening=("file", "place"),
    source="banan-2024-5 三(二)",
    steps=(
        Step("confirm", "draft", "confirmed", by=KEEPERS, at="county", label="确认全文", guard="all_decided",
             deadline="ledger.confirm_within"),
        Step("enforce", "confirmed", "in_force", by=KEEPERS, at="county", label="开始执行",
             needs=("in_force_from",), effect="open_tasks"),
        Step("replace", {"confirmed", "in_force"}, "replaced", by=KEEPERS, at="county", label="由新文件替代",
             needs=("successor", "reason"), guard="successor_stands", effect="carry_on"),
        Step("withdraw", {"confirmed", "in_force"}, "withdrawn", by=KEEPERS, at="county", label="废止",
             needs=("reason",), effect="end_with_it"),
        Step("discard", {"draft", "confirmed"}, "discarded", by=KEEPERS, at="county", label="弃用", needs=("reason",)),
    ),
)  # fmt: skip

POLICY_TASK = Workflow(
    "policy_task",
    label="政策任务",
    states={
        "planned": "待启动", "under_way": "推进中", "reported": "已报送,待核查", "returned": "已退回",
        "checked": "已核查", "closed": "已办结", "carried_over": "已结转", "withdrawn": "已撤销",
    },
    initial="planned",
    final={"closed", "carried_over", "withdrawn"},
    opened_by=KEEPERS | {SYSTEM},
    opening=("clause",),
    fields=(
        Column("progress", "进展情况", Kind.TEXT),
        Column("opinion", "核查意见", Kind.TEXT),
        Column("plan", "工作安排", Kind.TEXT),
        Column("outcome", "办结结果", Kind.CODE, choices=OUTCOMES),
    ),
    source="banan-2024-5 三(二)",
    steps=(
        Step("start", "planned", "under_way", by=DOERS, at="receiver", label="启动", needs=("plan",),
             deadline="ledger.start_within"),
        Step("report", {"under_way", "returned"}, "reported", by=DOERS, at="receiver", label="报送进展",
             needs=("progress",), deadline="ledger.report_every"),
        Step("check", "reported", "checked", by=KEEPERS, at="county", label="核查通过", needs=("opinion",),
             deadline="ledger.check_within"),
        Step("send_back", "reported", "returned", by=KEEPERS, at="county", label="退回补充", needs=("reason",)),
        Step("continue", "checked", "under_way", by=KEEPERS, at="county", label="继续推进",
             deadline="ledger.settle_within"),
        Step("close", "checked", "closed", by=KEEPERS, at="county", label="办结", needs=("outcome", "reason"),
             guard="outcome_agrees"),
        Step("assign", {"planned", "under_way", "returned"}, "planned", by=KEEPERS, at="county", label="交由机构承办",
             needs=("counterpart",), guard="institution_known"),
        Step("carry_over", {"planned", "under_way", "returned", "checked"}, "carried_over", by=KEEPERS, at="county",
             label="结转", needs=("carried_to", "reason"), guard="successor_open"),
        Step("withdraw", {"planned", "under_way", "reported", "returned", "checked"}, "withdrawn",
             by=KEEPERS | {SYSTEM}, at="county", label="撤销", needs=("reason",)),
    ),
)  # fmt: skip
