"""Institutions in the county and what they have; villages and whether anyone serves them."""

import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.drawing import flagged, in_codes
from yigongti.capabilities.measure.facts.tables import named
from yigongti.capabilities.measure.facts.workforce import HOSPITAL_LEVELS, SENIOR_TITLES
from yigongti.kernel.indicators import AREAS, AS_OF, EVERY, MONTH, SEATS, SPAN, Relation, Scene
from yigongti.kernel.indicators.places import institutions, places

GERIATRIC = "measure.geriatric_departments"
SMALL_VILLAGE = "registry.village_room_population"


def _open(scene: Scene) -> ir.Table:
    rows = institutions(scene)
    rows = scene.standing(rows.filter(rows.in_county), "opened_on", "closed_on")
    return rows.mutate(bed_days=rows.beds * rows[SPAN])


def _open_with_equipment(scene: Scene) -> ir.Table:
    equipment = scene["equipment"]
    ecg = equipment.filter(equipment.kind == "ecg", equipment.networked, equipment["count"] > 0)
    return flagged(_open(scene), ecg, on="institution_id", name="networked_ecg")


def _open_with_exams(scene: Scene) -> ir.Table:
    exams = scene.during("exam", "ordered_at")
    shared = exams.filter(exams.kind.isin(("imaging", "ecg")), exams.read_by != exams.ordered_by)
    return flagged(_open(scene), shared.select(institution_id="ordered_by"), on="institution_id", name="read_elsewhere")


def _open_with_visits(scene: Scene) -> ir.Table:
    visits = scene.during("visit", "day")
    return flagged(_open(scene), visits.filter(visits.tcm), on="institution_id", name="gives_tcm")


def _open_with_departments(scene: Scene) -> ir.Table:
    codes = scene.rule(GERIATRIC).codes
    used = [
        rows.filter(in_codes(rows.department, codes)).select("institution_id")
        for rows in (scene.during("visit", "day"), scene.during("stay", "discharged_on"))
    ]
    rows = flagged(_open(scene), used[0].union(used[1]), on="institution_id", name="geriatrics")
    return rows.mutate(hospital=rows.level.isin(HOSPITAL_LEVELS))


def _open_with_postings(scene: Scene) -> ir.Table:
    postings, staff = scene.standing(scene["posting"], "start_on", "end_on"), scene["staff"]
    senior = staff.filter(staff.profession == "physician", staff.title.isin(SENIOR_TITLES))
    senior = senior.select(posted="staff_id", employer="institution_id")
    employer = scene["institution"].select(employed_at="institution_id", employer_level="level")
    senior = senior.inner_join(employer, senior.employer == employer.employed_at)
    senior = senior.filter(senior.employer_level.isin(HOSPITAL_LEVELS))
    there = postings.filter(postings.kind == "long").inner_join(senior, postings.staff_id == senior.posted)
    there = there.select(AS_OF, institution_id="to_institution_id")
    return flagged(_open(scene), there, on=("institution_id", AS_OF), name="senior_posted")


def _circuit_days(scene: Scene) -> ir.Table:
    """The days on which residents of a village had circuit visits, whichever institution recorded them."""
    visits, lives = scene.during("visit", "day"), scene["resident"].select("place_id", lives="resident_id")
    rounds = visits.filter(visits.kind == "circuit")
    rounds = rounds.inner_join(lives, rounds.resident_id == lives.lives)
    rounds = rounds.select("place_id", "on_day", *(name for name in (MONTH,) if name in scene.by)).distinct()
    village = places(scene).filter(lambda place: place.kind == "village")
    return rounds.inner_join(village.select("town", "zone", "consortium", village="place_id"),
                             rounds.place_id == village.place_id)  # fmt: skip


def _at_work(scene: Scene) -> ir.Table:
    """The institutions at which someone is employed or posted, at the end of each span."""
    employed = scene.standing(scene["staff"], "hired_on", "left_on").select(AS_OF, "institution_id")
    posted = scene.standing(scene["posting"], "start_on", "end_on")
    return employed.union(posted.select(AS_OF, institution_id="to_institution_id"))


def _villages(scene: Scene) -> ir.Table:
    """served: someone works at an open primary institution in the village, or it is small and visits reach it."""
    there, rounds = _open(scene), _circuit_days(scene)
    villages = scene.each_span(places(scene).filter(lambda place: place.kind == "village"))
    there = flagged(there.filter(there.primary), _at_work(scene), on=("institution_id", AS_OF), name="staffed")
    staffed = there.filter(there.staffed)
    villages = flagged(villages, there, on=("place_id", AS_OF), name="has_institution")
    villages = flagged(villages, staffed, on=("place_id", AS_OF), name="has_staff")
    reached = ("place_id", MONTH) if MONTH in scene.by else ("place_id",)
    villages = flagged(villages, rounds, on=reached, name="on_rounds")
    small = (villages.population < scene.rule(SMALL_VILLAGE).number).fill_null(False)
    return villages.mutate(served=villages.has_staff | (small & villages.on_rounds))


INSTITUTIONS = Relation("institution", "县域内机构", _open, named("institution"), EVERY)
"""One row an open institution in the county (and month): beds, bed_days, kind, primary, centre, level."""

WITH_EQUIPMENT = Relation(
    "institution_with_equipment", "机构设备", _open_with_equipment, named("institution", "equipment"), EVERY
)
"""One row an open institution in the county: networked_ecg."""

WITH_EXAMS = Relation("institution_with_exam", "机构共享诊断", _open_with_exams, named("institution", "exam"), SEATS)
"""One row an open institution in the county: read_elsewhere (an imaging or ECG examination in the period)."""

WITH_VISITS = Relation(
    "institution_with_visit", "机构中医服务", _open_with_visits, named("institution", "visit"), SEATS
)
"""One row an open institution in the county: gives_tcm (a TCM visit in the period)."""

WITH_DEPARTMENTS = Relation(
    "institution_with_department", "机构科室", _open_with_departments, named("institution", "visit", "stay"), SEATS,
    rules=(GERIATRIC,),
)  # fmt: skip
"""One row an open institution in the county: geriatrics (a visit or stay in such a department), hospital."""

WITH_POSTINGS = Relation(
    "institution_with_posting", "机构派驻", _open_with_postings, named("institution", "posting", "staff"), EVERY
)
"""One row an open institution in the county (and month): senior_posted at the end of it."""

CIRCUIT_DAYS = Relation("circuit_day", "巡诊日", _circuit_days, named("visit", "resident", "place"), AREAS)
"""One row a village and day on which its residents had circuit visits."""

VILLAGES = Relation(
    "village", "行政村", _villages, named("place", "institution", "staff", "visit", "resident"), AREAS,
    rules=(SMALL_VILLAGE,), reads=named("posting"),
)  # fmt: skip
"""One row a village (and month): has_institution, has_staff, on_rounds, served."""
