"""Rows that referral's indicators count: patients who came, patients taken back, hospitals that keep places free."""

import ibis.expr.types as ir

from yigongti.capabilities.referral.workflow import CARE, WORKFLOWS
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators import EVERY, Relation, Scene

RESERVED_SHARE = "booking.reserved_share"
IDS = tuple(workflow.id for workflow in WORKFLOWS)


def _arrived(scene: Scene) -> ir.Table:
    rows = scene.during("referral", "sent_at")
    return rows.filter(rows.direction == "up", rows.arrived_at.notnull())


def _taken_over(scene: Scene) -> ir.Table:
    """Cases taken over in the period; followed_in_time: the first follow-up was made before it was due."""
    steps = scene["case_step"]
    ours = steps.workflow.isin(IDS)
    seen = steps.filter(ours, steps.step == "follow_up", ~steps.late).select(seen_case="case_id").distinct()
    rows = scene.during("case_step", "at")
    rows = rows.filter(rows.workflow.isin(IDS), rows.to_state.isin(sorted(CARE)))
    rows = rows.left_join(seen, rows.case_id == seen.seen_case)
    return rows.mutate(followed_in_time=rows.seen_case.notnull())


def _receivers(scene: Scene) -> ir.Table:
    """Institutions (in a month, by month) that accepted anybody sent up; kept: enough of them on reserved places."""
    rows = scene.during("referral", "sent_at")
    rows = rows.filter(rows.direction == "up", rows.accepted_at.notnull())
    keys = ["to_institution_id", *(name for name in ("month",) if name in rows.columns)]
    counted = rows.group_by(keys).aggregate(accepted=rows.count(), on_reserved=rows.reserved.sum())
    least = scene.rule(RESERVED_SHARE).number
    return counted.mutate(kept=counted.on_reserved >= least * counted.accepted)


ARRIVED = Relation("arrived_referral", "已到诊的上转", _arrived, (COUNTY["referral"],), EVERY, seat="to_institution_id")
"""One row a referral up whose patient arrived, belonging to the receiver."""

TAKEN_OVER = Relation(
    "taken_over_referral", "基层已接手的转诊", _taken_over, (COUNTY["case_step"],), EVERY, seat="institution_id"
)
"""One row a referral taken over by the base level, belonging to who took over: followed_in_time."""

RECEIVERS = Relation(
    "receiver_of_referrals", "接收上转的机构", _receivers, (COUNTY["referral"],), EVERY, seat="to_institution_id",
    rules=(RESERVED_SHARE,),
)  # fmt: skip
"""One row an institution that accepted referrals up: kept."""
