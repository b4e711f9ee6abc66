"""Institutions, villages, staff and postings, row by row."""

from datetime import timedelta

from rowwise.world import PRIMARY, World

SENIOR = {"attending", "associate_senior", "senior"}
HOSPITAL = {"tertiary", "secondary"}
DOCTORS = {"physician", "assistant_physician"}


def open_institutions(world: World):
    for row in world.standing("institution", "opened_on", "closed_on"):
        if row["in_county"]:
            beds = row["beds"]
            yield {
                **row,
                **world.institution(row["institution_id"]),
                "bed_days": None if beds is None else beds * row["span_days"],
                "hospital": row["level"] in HOSPITAL,
                "groups": world.groups_of_institution(row["institution_id"]),
            }


def marked(world, name, found):
    for row in open_institutions(world):
        yield {**row, name: row["institution_id"] in found}


def with_equipment(world: World):
    found = {
        row["institution_id"] for row in world["equipment"]
        if row["kind"] == "ecg" and row["networked"] and row["count"] > 0
    }  # fmt: skip
    return marked(world, "networked_ecg", found)


def with_exams(world: World):
    found = {
        row["ordered_by"] for row in world.during("exam", "ordered_at")
        if row["kind"] in ("imaging", "ecg") and row["read_by"] not in (None, row["ordered_by"])
    }  # fmt: skip
    return marked(world, "read_elsewhere", found)


def with_visits(world: World):
    return marked(world, "gives_tcm", {row["institution_id"] for row in world.during("visit", "day") if row["tcm"]})


def with_departments(world: World):
    codes = world.rules["measure.geriatric_departments"].codes
    care = [*world.during("visit", "day"), *world.during("stay", "discharged_on")]
    found = {row["institution_id"] for row in care if row["department"] is not None and row["department"] in codes}
    return marked(world, "geriatrics", found)


def with_postings(world: World):
    staff = {row["staff_id"]: row for row in world["staff"]}
    there = {
        (row["to_institution_id"], row["as_of"]) for row in world.standing("posting", "start_on", "end_on")
        if row["kind"] == "long" and is_senior(staff.get(row["staff_id"]), world)
    }  # fmt: skip
    for row in open_institutions(world):
        yield {**row, "senior_posted": (row["institution_id"], row["as_of"]) in there}


def is_senior(person, world):
    if person is None or person["profession"] != "physician" or person["title"] not in SENIOR:
        return False
    return world.institution(person["institution_id"])["level"] in HOSPITAL


def circuit_days(world: World):
    found = set()
    for row in world.during("visit", "day"):
        resident = world.residents.get(row["resident_id"])
        place = world.places.get(resident["place_id"]) if resident else None
        if row["kind"] == "circuit" and place is not None and place["kind"] == "village":
            found.add((place["place_id"], row["on_day"]))
    for place_id, day in found:
        yield {"place_id": place_id, "month": f"{day:%Y-%m}", "groups": world.groups_of_place(place_id)}


def villages(world: World):
    rounds = {(row["place_id"], row["month"]) for row in circuit_days(world)}
    limit = world.rules["registry.village_room_population"].number
    for month, _first, last in world.spans():
        reached = {place for place, when in rounds if month in (None, when)}
        for row in world["place"]:
            if row["kind"] == "village":
                small = row["population"] is not None and row["population"] < limit
                served = has_staff(row["place_id"], last, world) or (small and row["place_id"] in reached)
                yield {
                    **row,
                    "served": served,
                    "month": month,
                    "groups": world.groups_of_place(row["place_id"]),
                }


def has_staff(place_id, day, world):
    at_work = {row["institution_id"] for row in world["staff"] if holds(row["hired_on"], row["left_on"], day)}
    at_work |= {row["to_institution_id"] for row in world["posting"] if holds(row["start_on"], row["end_on"], day)}
    return any(
        row["place_id"] == place_id and row["kind"] in PRIMARY and row["in_county"]
        and row["institution_id"] in at_work and holds(row["opened_on"], row["closed_on"], day)
        for row in world["institution"]
    )  # fmt: skip


def holds(begins, ends, day):
    return (begins is None or begins <= day) and (ends is None or ends >= day)


def described(row, world):
    specialty = row["specialty"]
    psychiatry = world.rules.get("measure.psychiatric_specialties")
    prevention = world.rules.get("measure.mental_prevention_specialties")
    return {
        **row,
        **world.institution(row["institution_id"]),
        "doctor": row["profession"] in DOCTORS,
        "psychiatric": specialty is not None and specialty in psychiatry.codes,
        "mental_worker": (specialty is not None and specialty in prevention.codes)
        or row["profession"] == "psychologist",
        "hospital": world.institution(row["institution_id"])["level"] in HOSPITAL,
        "groups": world.groups_of_institution(row["institution_id"]),
    }


def staff(world: World):
    return (described(row, world) for row in world.standing("staff", "hired_on", "left_on"))


def recruits(world: World):
    return (described(row, world) for row in world.during("staff", "hired_on"))


def posted(row, world):
    person = next((each for each in world["staff"] if each["staff_id"] == row["staff_id"]), None)
    return {
        **row,
        "doctor": person is not None and person["profession"] in DOCTORS,
        "senior_doctor": person is not None and person["profession"] == "physician" and person["title"] in SENIOR,
        "from_hospital": person is not None and world.institution(person["institution_id"])["level"] in HOSPITAL,
        "to_primary": world.institution(row["to_institution_id"])["primary"],
        "long": row["kind"] == "long",
    }


def postings(world: World):
    duration = world.rules["workforce.long_posting_duration"]
    for row in world["posting"]:
        last = min(row["end_on"] or world.end, world.end)
        if row["start_on"] <= world.end and last >= world.start:
            enough = duration.after(row["start_on"]) <= last + timedelta(days=1)
            groups = world.groups_of_institution(row["to_institution_id"])
            yield {**posted(row, world), "long_enough": enough, "groups": groups}


def postings_started(world: World):
    for row in world.during("posting", "start_on"):
        yield {**posted(row, world), "groups": world.groups_of_institution(row["from_institution_id"])}


RELATIONS = {
    "institution": open_institutions,
    "institution_with_equipment": with_equipment,
    "institution_with_exam": with_exams,
    "institution_with_visit": with_visits,
    "institution_with_department": with_departments,
    "institution_with_posting": with_postings,
    "circuit_day": circuit_days,
    "village": villages,
    "staff": staff,
    "recruit": recruits,
    "posting": postings,
    "posting_started": postings_started,
}
