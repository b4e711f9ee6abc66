"""People managed in programmes, and deaths from the four diseases."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.drawing import age_on, flagged, in_codes
from yigongti.capabilities.measure.facts.people import ELDERLY_FROM_AGE
from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.errors import PolicyError
from yigongti.kernel.indicators import EVERY, HOME, SEATS, YEARLY_AREAS, Relation, Scene, days_between

VISITS_PER_YEAR = "followup.visits_per_year"
SEVERE_MENTAL_VISITS_PER_YEAR = "followup.severe_mental_visits_per_year"
FACE_TO_FACE = "followup.face_to_face_modes"
SYSTOLIC, SYSTOLIC_ELDERLY = "followup.systolic_below", "followup.systolic_below_elderly"
DIASTOLIC, GLUCOSE = "followup.diastolic_below", "followup.fasting_glucose_below"
CAUSES, AGES = "measure.premature_mortality_causes", "measure.premature_mortality_ages"
AGE_GROUPS = 8
"""From 30 to below 70 in steps of five: as many factors as the product of survival has."""
DAYS_A_YEAR = 365


def _managed(scene: Scene) -> ir.Table:
    return scene.standing(scene["enrolment"], "start_on", "end_on")


def _enrolled(scene: Scene) -> ir.Table:
    """Enrolments in force on any day of the period, with the days of it that each was in force."""
    rows, period = scene["enrolment"], scene.period
    first = ibis.greatest(rows.start_on, ibis.literal(period.start))
    last = ibis.least(rows.end_on.fill_null(ibis.literal(period.end)), ibis.literal(period.end))
    rows = rows.mutate(enrolled_days=days_between(first, last) + 1)
    return rows.filter(rows.enrolled_days > 0)


def _enrolled_with_stays(scene: Scene) -> ir.Table:
    stays = scene.during("stay", "discharged_on")
    return flagged(_enrolled(scene), stays, on="resident_id", name="admitted")


def _enrolled_with_follow_ups(scene: Scene) -> ir.Table:
    """followed_up: as often, face to face, as the rule asks for the days enrolled (4 a year: 2 in half a year)."""
    rows, follow_ups = _enrolled(scene), scene.during("follow_up", "day")
    met = follow_ups.filter(follow_ups["mode"].isin([each.first for each in scene.rule(FACE_TO_FACE).codes.ranges]))
    times = met.group_by(followed="resident_id", followed_in="programme").aggregate(times=met.count())
    rows = rows.left_join(times, [rows.resident_id == times.followed, rows.programme == times.followed_in])
    a_year = (rows.programme == "severe_mental_disorder").ifelse(
        scene.rule(SEVERE_MENTAL_VISITS_PER_YEAR).number, scene.rule(VISITS_PER_YEAR).number
    )
    asked = ibis.greatest((a_year * rows.enrolled_days / DAYS_A_YEAR + 0.5).floor(), 1)
    return rows.mutate(followed_up=rows.times.fill_null(0) >= asked)


def _enrolled_with_measurements(scene: Scene) -> ir.Table:
    """pressure_controlled and glucose_controlled by the latest values of the period; without a value: not."""
    rows, taken = _enrolled(scene), scene.during("measurement", "at")
    latest = taken.group_by(measured="resident_id").aggregate(
        **{name: taken.value.argmax(taken["at"], where=taken.code == name) for name in ("sbp", "dbp", "fbg")}
    )
    rows = rows.left_join(latest, rows.resident_id == latest.measured)
    born = scene["resident"].select("birth_date", lives="resident_id")
    rows = rows.left_join(born, rows.resident_id == born.lives)
    elderly = age_on(ibis.literal(scene.period.end), rows.birth_date) >= scene.rule(ELDERLY_FROM_AGE).number
    limit = elderly.fill_null(False).ifelse(scene.rule(SYSTOLIC_ELDERLY).number, scene.rule(SYSTOLIC).number)
    pressure = (rows.sbp < limit) & (rows.dbp < scene.rule(DIASTOLIC).number)
    glucose = rows.fbg < scene.rule(GLUCOSE).number
    return rows.mutate(pressure_controlled=pressure.fill_null(False), glucose_controlled=glucose.fill_null(False))


def _deaths(scene: Scene) -> ir.Table:
    deaths = scene.during("death", "day")
    in_question = in_codes(deaths.cause, scene.rule(CAUSES).codes)
    return deaths.mutate(four_diseases=in_question, age_group=_age_group(deaths.age_years, scene))


def _person_years(scene: Scene) -> ir.Table:
    residents = scene.standing(scene["resident"], "registered_on", "died_on")
    age = age_on(ibis.literal(scene.period.end), residents.birth_date)
    return residents.mutate(age_group=_age_group(age, scene))


def _age_group(age: ir.IntegerValue, scene: Scene) -> ir.IntegerValue:
    """0 for the first group of the life table, 1 for the next, …; null outside it."""
    ages = scene.rule(AGES)
    first, end, step = (int(ages.table[name]) for name in ("from", "below", "step"))
    if (end - first) // step != AGE_GROUPS:
        raise PolicyError(
            f"规则“{ages.label}”({AGES})应分为 {AGE_GROUPS} 个年龄组,现为 {(end - first) // step} 个",
            why="过早死亡率按 30—69 岁、每 5 岁一组计算",
            remedy="请改回规定的年龄范围和组距",
        )
    return (age.between(first, end - 1)).ifelse((age - first) // step, ibis.null("int64"))


MANAGED = Relation("managed", "在管患者", _managed, named("enrolment"), EVERY, seat="institution_id")
"""One row an enrolment in force at the end of the period (and of each month)."""

ENROLLED_WITH_STAYS = Relation(
    "enrolled_with_stay", "在管人群住院情况", _enrolled_with_stays, named("enrolment", "stay"), SEATS,
    seat="institution_id",
)  # fmt: skip
"""One row an enrolment in force in the period: admitted (the person had any stay, in the county or outside)."""

ENROLLED_WITH_FOLLOW_UPS = Relation(
    "enrolled_with_follow_up", "在管人群随访情况", _enrolled_with_follow_ups, named("enrolment", "follow_up"), SEATS,
    seat="institution_id", rules=(VISITS_PER_YEAR, SEVERE_MENTAL_VISITS_PER_YEAR, FACE_TO_FACE),
)  # fmt: skip
"""One row an enrolment in force in the period: followed_up."""

ENROLLED_WITH_MEASUREMENTS = Relation(
    "enrolled_with_measurement", "在管人群控制情况", _enrolled_with_measurements,
    named("enrolment", "measurement", "resident"), SEATS, seat="institution_id",
    rules=(SYSTOLIC, SYSTOLIC_ELDERLY, DIASTOLIC, GLUCOSE, ELDERLY_FROM_AGE),
)  # fmt: skip
"""One row an enrolment in force in the period: pressure_controlled, glucose_controlled."""

DEATHS = Relation("death", "死亡", _deaths, named("death"), YEARLY_AREAS, seat=HOME, rules=(CAUSES, AGES))
"""One row a death: four_diseases, age_group."""

PERSON_YEARS = Relation("person_year", "人年", _person_years, named("resident"), YEARLY_AREAS, seat=HOME, rules=(AGES,))
"""One row a living registered resident at the end of the period: age_group, span_days (days lived in the period)."""
