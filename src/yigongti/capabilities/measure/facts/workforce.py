"""Who is employed where, and who works where."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.drawing import in_codes
from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.indicators import EVERY, YEARLY_AREAS, Relation, Scene
from yigongti.kernel.indicators.places import at_institution

LONG_POSTING = "workforce.long_posting_duration"
PSYCHIATRIC, PREVENTION = "measure.psychiatric_specialties", "measure.mental_prevention_specialties"
SENIOR_TITLES = ("attending", "associate_senior", "senior")
DOCTORS = ("physician", "assistant_physician")
HOSPITAL_LEVELS = ("tertiary", "secondary")


def _staff(scene: Scene) -> ir.Table:
    rows = scene.standing(scene["staff"], "hired_on", "left_on")
    return _described(at_institution(rows, scene), scene)


def _recruits(scene: Scene) -> ir.Table:
    return _described(at_institution(scene.during("staff", "hired_on"), scene), scene)


def _described(rows: ir.Table, scene: Scene) -> ir.Table:
    psychiatric, prevention = (
        in_codes(rows.specialty, scene.rule(rule_id).codes).fill_null(False) for rule_id in (PSYCHIATRIC, PREVENTION)
    )
    return rows.mutate(
        doctor=rows.profession.isin(DOCTORS),
        psychiatric=psychiatric,
        mental_worker=prevention | (rows.profession == "psychologist"),
        hospital=rows.level.isin(HOSPITAL_LEVELS),
    )


def _posted(rows: ir.Table, scene: Scene) -> ir.Table:
    """Postings with who is posted (doctor, senior_doctor), from what (from_hospital) and to what (to_primary)."""
    about = at_institution(scene["staff"], scene)
    about = about.select(
        posted="staff_id",
        doctor=about.profession.isin(DOCTORS),
        senior_doctor=(about.profession == "physician") & about.title.isin(SENIOR_TITLES),
        from_hospital=about.level.isin(HOSPITAL_LEVELS),
    )
    rows = rows.left_join(about, rows.staff_id == about.posted)
    rows = at_institution(rows, scene, column="to_institution_id")
    return rows.mutate(long=rows.kind == "long", to_primary=rows.primary)


def _postings(scene: Scene) -> ir.Table:
    """Postings in force on any day of the period, and whether they lasted long enough by its end."""
    rows, period = scene["posting"], scene.period
    rows = rows.filter(rows.start_on <= period.end, rows.end_on.isnull() | (rows.end_on >= period.start))
    rows = _posted(rows, scene)
    last = ibis.least(rows.end_on.fill_null(ibis.literal(period.end)), ibis.literal(period.end))
    months = int(scene.rule(LONG_POSTING).exact)
    reached = (rows.start_on + ibis.interval(months=months)).cast("date")
    return rows.mutate(long_enough=reached <= (last + ibis.interval(days=1)).cast("date"))


def _postings_started(scene: Scene) -> ir.Table:
    return _posted(scene.during("posting", "start_on"), scene)


STAFF = Relation("staff", "在职人员", _staff, named("staff", "institution"), EVERY, rules=(PSYCHIATRIC, PREVENTION))
"""One row a person employed at the end of the period (and of each month): doctor, psychiatric, mental_worker,
hospital (employed at secondary level or above), span_days, and what the employer is."""

RECRUITS = Relation(
    "recruit", "新进人员", _recruits, named("staff", "institution"), EVERY, rules=(PSYCHIATRIC, PREVENTION)
)
"""One row a person hired in the period, described as in STAFF."""

POSTINGS = Relation(
    "posting", "派驻", _postings, named("posting", "staff", "institution"), YEARLY_AREAS, rules=(LONG_POSTING,)
)
"""One row a posting in force in the period, belonging to where it leads: senior_doctor, from_hospital, to_primary,
long, long_enough (by the end of the period it had lasted as long as the rule asks)."""

POSTINGS_STARTED = Relation(
    "posting_started", "新派驻", _postings_started, named("posting", "staff", "institution"), EVERY,
    seat="from_institution_id",
)  # fmt: skip
"""One row a posting begun in the period, belonging to where it comes from; columns as in POSTINGS."""

SENIOR_LONG_POSTINGS = POSTINGS.where(
    lambda posting: (
        posting.long & posting.long_enough & posting.senior_doctor & posting.from_hospital & posting.to_primary
    )
)
"""The postings that the national indicator counts."""
