"""Referrals, examinations, prescriptions and reports of infectious disease."""

import math
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.drawing import in_codes, microseconds, microseconds_between
from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.indicators import EVERY, Relation, Scene, as_day, days_between
from yigongti.kernel.indicators.places import at_institution

ACCEPT_WITHIN = "referral.accept_within"
FIRST_FOLLOW_UP_WITHIN = "referral.first_follow_up_within"
REPORT_WITHIN, REPEAT_WITHIN = "diagnosis.report_within", "diagnosis.repeat_within"
URGENT_DISEASES = "surveillance.urgent_diseases"
URGENT_REPORT_WITHIN, INFECTIOUS_REPORT_WITHIN = "surveillance.urgent_report_within", "surveillance.report_within"
PASSED = ("auto_pass", "pharmacist_pass")


def _referrals(scene: Scene) -> ir.Table:
    rows = scene.during("referral", "sent_at")
    limit = microseconds(scene.rule(ACCEPT_WITHIN).timedelta)
    up = rows.direction == "up"
    return rows.mutate(
        accepted_in_time=(microseconds_between(rows.sent_at, rows.accepted_at) <= limit).fill_null(False),
        hospital_id=up.ifelse(rows.to_institution_id, rows.from_institution_id),
    )


def _down_referrals(scene: Scene) -> ir.Table:
    """Down referrals with whether the resident was followed up within the rule's time, counted in days."""
    rows = scene.during("referral", "sent_at")
    rows = rows.filter(rows.direction == "down")
    days = math.ceil(scene.rule(FIRST_FOLLOW_UP_WITHIN).timedelta / timedelta(days=1))
    seen = scene["follow_up"].select(seen="resident_id", seen_on="day")
    in_time = days_between(rows.on_day, seen.seen_on).between(0, days)
    followed = rows.inner_join(seen, [rows.resident_id == seen.seen, in_time]).select("referral_id").distinct()
    followed = followed.rename(followed_id="referral_id")
    rows = rows.left_join(followed, rows.referral_id == followed.followed_id)
    return rows.mutate(followed_up=rows.followed_id.notnull())


def _exams(scene: Scene) -> ir.Table:
    rows = scene.during("exam", "ordered_at")
    limit = _by_kind(rows, scene, REPORT_WITHIN) * microseconds(timedelta(hours=1))
    since = rows.done_at.fill_null(rows.ordered_at)
    return rows.mutate(
        recognised=rows.recognised_exam_id.notnull(),
        reported_in_time=(microseconds_between(since, rows.reported_at) <= limit).fill_null(False),
    )


def _exams_after_exams(scene: Scene) -> ir.Table:
    """repeated: the same item of the same person was examined not long before, and no reason is given."""
    exam = scene["exam"]
    rows = exam.select("exam_id", "resident_id", "kind", "item_code", "ordered_by", "ordered_at", "recognised_exam_id",
                       "repeat_reason")  # fmt: skip
    rows = rows.mutate(recognised=rows.recognised_exam_id.notnull(), ordered_on=as_day(rows.ordered_at))
    rows = rows.filter(rows.ordered_on <= scene.period.end)
    order = ibis.window(
        group_by=[rows.resident_id, rows.item_code, rows.recognised], order_by=[rows.ordered_at, rows.exam_id]
    )
    rows = rows.mutate(examined_before=rows.ordered_on.lag().over(order))
    soon = days_between(rows.examined_before, rows.ordered_on) <= _by_kind(rows, scene, REPEAT_WITHIN)
    repeated = soon.fill_null(False) & ~rows.recognised & rows.repeat_reason.isnull()
    return scene.in_period(rows.mutate(repeated=repeated), "ordered_on")


def _by_kind(rows: ir.Table, scene: Scene, rule_id: str) -> ir.NumericValue:
    table = scene.rule(rule_id).table
    return ibis.cases(*((rows.kind == kind, float(limit)) for kind, limit in table.items()), else_=ibis.null(float))


def _prescriptions(scene: Scene) -> ir.Table:
    lines = scene.during("prescription_line", "day")
    keys = ["prescription_id", "institution_id", *(name for name in ("month",) if name in lines.columns)]
    return lines.group_by(*keys).aggregate(
        reviewed=(lines.reviewed != "none").all(),
        passed=lines.reviewed.isin(PASSED).all(),
        long_term=lines.long_term.any(),
        tcm=lines.kind.isin(("tcm_patent", "tcm_herbal")).any(),
    )


def _prescriptions_at(scene: Scene) -> ir.Table:
    return at_institution(_prescriptions(scene), scene)


def _infectious_reports(scene: Scene) -> ir.Table:
    rows = scene.during("infectious_report", "diagnosed_at")
    rows = rows.filter(rows.status != "deleted")
    urgent = in_codes(rows.disease, scene.rule(URGENT_DISEASES).codes)
    limit = urgent.ifelse(
        microseconds(scene.rule(URGENT_REPORT_WITHIN).timedelta),
        microseconds(scene.rule(INFECTIOUS_REPORT_WITHIN).timedelta),
    )
    return rows.mutate(in_time=microseconds_between(rows.diagnosed_at, rows.reported_at) <= limit)


REFERRALS = Relation(
    "referral", "转诊", _referrals, named("referral"), EVERY, seat="from_institution_id", rules=(ACCEPT_WITHIN,)
)
"""One row a referral sent, belonging to the sender: accepted_in_time; hospital_id: the upper of the two."""

DOWN_REFERRALS = Relation(
    "down_referral", "下转", _down_referrals, named("referral", "follow_up"), EVERY, seat="to_institution_id",
    rules=(FIRST_FOLLOW_UP_WITHIN,),
)  # fmt: skip
"""One row a referral down, belonging to the receiver: followed_up."""

EXAMS = Relation("exam", "检查检验", _exams, named("exam"), EVERY, seat="ordered_by", rules=(REPORT_WITHIN,))
"""One row an examination ordered, belonging to who ordered it: recognised, reported_in_time."""

EXAMS_AFTER_EXAMS = Relation(
    "exam_after_exam", "重复检查", _exams_after_exams, named("exam"), EVERY, seat="ordered_by", rules=(REPEAT_WITHIN,)
)
"""One row an examination ordered: recognised, repeated."""

PRESCRIPTIONS = Relation("prescription", "处方", _prescriptions_at, named("prescription_line", "institution"), EVERY)
"""One row a prescription: reviewed and passed (every line), long_term and tcm (any line), institution_kind."""

INFECTIOUS_REPORTS = Relation(
    "infectious_report", "传染病报告", _infectious_reports, named("infectious_report"), EVERY, seat="institution_id",
    rules=(URGENT_DISEASES, URGENT_REPORT_WITHIN, INFECTIOUS_REPORT_WITHIN),
)  # fmt: skip
"""One row a report not deleted: in_time from diagnosis."""
