"""People managed in programmes, deaths and person-years, row by row."""

import math

from rowwise.world import World, age


def managed(world: World):
    for row in world.standing("enrolment", "start_on", "end_on"):
        yield {**row, "groups": world.groups_of_institution(row["institution_id"])}


def enrolled(world: World):
    for row in world["enrolment"]:
        first = max(row["start_on"], world.start)
        last = min(row["end_on"] or world.end, world.end)
        if first <= last:
            days = (last - first).days + 1
            yield {**row, "enrolled_days": days, "groups": world.groups_of_institution(row["institution_id"])}


def enrolled_with_stays(world: World):
    admitted = {row["resident_id"] for row in world.during("stay", "discharged_on")}
    for row in enrolled(world):
        yield {**row, "admitted": row["resident_id"] in admitted}


def enrolled_with_follow_ups(world: World):
    modes = {each.first for each in world.rules["followup.face_to_face_modes"].codes.ranges}
    for row in enrolled(world):
        whose = (row["resident_id"], row["programme"])
        met = [seen for seen in world.during("follow_up", "day") if seen["mode"] in modes]
        times = sum(1 for seen in met if (seen["resident_id"], seen["programme"]) == whose)
        severe = row["programme"] == "severe_mental_disorder"
        rule = "followup.severe_mental_visits_per_year" if severe else "followup.visits_per_year"
        asked = max(math.floor(world.rules[rule].number * row["enrolled_days"] / 365 + 0.5), 1)
        yield {**row, "followed_up": times >= asked}


def enrolled_with_measurements(world: World):
    limits = {rule_id.removeprefix("followup."): rule.number for rule_id, rule in world.rules.items()}
    for row in enrolled(world):
        sbp, dbp, fbg = (latest(world, row["resident_id"], code) for code in ("sbp", "dbp", "fbg"))
        resident = world.residents.get(row["resident_id"])
        elderly = resident is not None and age(resident["birth_date"], world.end) >= limits["elderly_from_age"]
        limit = limits["systolic_below_elderly" if elderly else "systolic_below"]
        pressure = sbp is not None and dbp is not None and sbp < limit and dbp < limits["diastolic_below"]
        glucose = fbg is not None and fbg < limits["fasting_glucose_below"]
        yield {**row, "pressure_controlled": pressure, "glucose_controlled": glucose}


def latest(world, resident_id, code):
    taken = [
        row for row in world.during("measurement", "at") if row["resident_id"] == resident_id and row["code"] == code
    ]
    return max(taken, key=lambda row: row["at"])["value"] if taken else None


def deaths(world: World):
    causes = world.rules["measure.premature_mortality_causes"].codes
    for row in world.during("death", "day"):
        group = age_group(row["age_years"], world)
        home = world.groups_of_home(row["resident_id"])
        yield {**row, "four_diseases": row["cause"] in causes, "age_group": group, "groups": home}


def person_years(world: World):
    for row in world.standing("resident", "registered_on", "died_on"):
        group = age_group(age(row["birth_date"], world.end), world)
        yield {**row, "age_group": group, "groups": world.groups_of_place(row["place_id"])}


def age_group(years, world):
    ages = world.rules["measure.premature_mortality_ages"].table
    return (years - ages["from"]) // ages["step"] if ages["from"] <= years < ages["below"] else None


RELATIONS = {
    "managed": managed,
    "enrolled_with_stay": enrolled_with_stays,
    "enrolled_with_follow_up": enrolled_with_follow_ups,
    "enrolled_with_measurement": enrolled_with_measurements,
    "death": deaths,
    "person_year": person_years,
}
