"""The family-doctor contract from proposal to its end: renewed, transferred, terminated, expired (BN-10, JD-7, YN-11).

A team proposes and the resident agrees, on paper or on the phone; or the resident applies and the team accepts.  What
was agreed begins on its day.  Renewing and transferring propose a successor; the contract itself goes on until the
successor begins, so that nobody is without a family doctor in between.

What a resident disputes of a service is a case of its own, between the team's institution and the site that did it:
either answers in time, and the resident has the last word; what nobody answers is upheld.
"""

from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

TEAM = frozenset({Role.FAMILY_DOCTOR, Role.VILLAGE_DOCTOR})
"""Who acts for a team."""
EITHER = TEAM | {Role.RESIDENT}

PENDING = ("proposed", "signed")
IN_FORCE = "in_force"
LIVE = (*PENDING, IN_FORCE)

CONTRACT = Workflow(
    "contract",
    label="家庭医生签约",
    states={
        "proposed": "待确认", "signed": "已签约,待生效", "in_force": "生效中", "declined": "未签成",
        "expired": "已到期", "renewed": "已续签", "transferred": "已转签", "terminated": "已解约",
    },
    initial="proposed",
    final={"declined", "expired", "renewed", "transferred", "terminated"},
    opened_by=EITHER | {SYSTEM},
    opening=("team", "package", "start_on", "years"),
    opening_asks=("county_hospital", "city_hospital", "household", "predecessor", "follows"),
    fields=(
        Column("to_team", "转入团队", Kind.TEXT),
        Column("for_years", "续签年数", Kind.INTEGER),
    ),
    source="banan-2024-5 10",
    steps=(
        Step("confirm", "proposed", "signed", by=Role.RESIDENT, at="team", label="确认签约", guard="offered",
             effect="begin_afterwards", deadline="contract.confirm_within"),
        Step("accept", "proposed", "signed", by=TEAM, at="team", label="接受申请", guard="applied",
             effect="begin_afterwards", deadline="contract.confirm_within"),
        Step("sign_on_paper", "proposed", "signed", by=TEAM, at="team", label="登记纸质协议", needs=("paper",),
             guard="signable", effect="begin_afterwards"),
        Step("decline", {"proposed", "signed"}, "declined", by=EITHER | {SYSTEM}, at="team", label="不签",
             needs=("reason",)),
        Step("begin", "signed", "in_force", by=TEAM | {SYSTEM}, at="team", label="生效", guard="begun",
             effect="enter_force"),
        Step("amend", "in_force", "in_force", by=TEAM, at="team", label="变更服务包", needs=("package", "reason"),
             guard="package_offered", effect="reschedule"),
        Step("renew", "in_force", "in_force", by=EITHER, at="team", label="续签", needs=("for_years",),
             guard="renewable", effect="propose_renewal"),
        Step("transfer", "in_force", "in_force", by=EITHER, at="team", label="转签", needs=("to_team", "reason"),
             guard="transferable", effect="propose_transfer"),
        Step("hand_over", "in_force", "transferred", by=SYSTEM, label="转出", effect="leave_force"),
        Step("follow_on", "in_force", "renewed", by=SYSTEM, label="由续签接续", effect="leave_force"),
        Step("expire", "in_force", "expired", by=SYSTEM, label="到期", guard="ended", effect="leave_force"),
        Step("terminate", "in_force", "terminated", by=EITHER | {SYSTEM}, at="team", label="解约", needs=("reason",),
             effect="leave_force"),
    ),
)  # fmt: skip

DISPUTE = Workflow(
    "contract_dispute",
    label="签约服务异议",
    states={"raised": "待答复", "answered": "已答复", "settled": "已了结", "upheld": "异议成立",
            "withdrawn": "已撤回"},
    initial="raised",
    final={"settled", "upheld", "withdrawn"},
    opened_by=Role.RESIDENT,
    opening=("service", "remark"),
    fields=(
        Column("service", "服务项目", Kind.TEXT),
        Column("remark", "居民意见", Kind.TEXT),
        Column("answer", "答复", Kind.TEXT),
    ),
    source="banan-2024-5 10",
    steps=(
        Step("answer", "raised", "answered", by=TEAM | {Role.MANAGER}, label="答复", needs=("answer",),
             deadline="contract.dispute_answered_within"),
        Step("agree", "answered", "settled", by=Role.RESIDENT, at="team", label="认可", effect="accept_service"),
        Step("insist", "answered", "raised", by=Role.RESIDENT, at="team", label="仍有异议", needs=("remark",),
             effect="dispute_again"),
        Step("withdraw", "raised", "withdrawn", by=Role.RESIDENT, at="team", label="撤回异议",
             effect="drop_dispute"),
        Step("lapse", "answered", "settled", by=SYSTEM, at="team", label="到期了结", effect="drop_dispute"),
        Step("uphold", "raised", "upheld", by=SYSTEM, at="team", label="逾期未答复"),
    ),
)  # fmt: skip
"""Answered by whoever did the service, the team's institution or a manager of either within the rule's days, else
those who watch over it are told.  The timer ends what one side leaves lying: where the resident says nothing more to an
answer the service stands; where nobody answers at all it counts as not done."""
