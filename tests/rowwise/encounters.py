"""Visits and stays, row by row."""

from rowwise.world import World


def visits(world: World):
    for row in world.during("visit", "day"):
        about = world.institution(row["institution_id"])
        if about["institution_kind"] not in (None, "retail_pharmacy"):
            yield {**row, **about, "groups": world.groups_of_institution(row["institution_id"])}


def stays(world: World):
    for row in world.during("stay", "discharged_on"):
        yield {
            **row,
            **world.institution(row["institution_id"]),
            "days": max((row["discharged_on"] - row["admitted_on"]).days, 1),
            "insured": row["insured_as"] != "none",
            "groups": world.groups_of_institution(row["institution_id"]),
        }


def stays_after_stays(world: World):
    here = [row for row in world["stay"] if world.institution(row["institution_id"])["in_county"]]
    for row in here:
        before = [
            other for other in here
            if other["resident_id"] == row["resident_id"] and order(other) < order(row)
        ]  # fmt: skip
        last = max(before, key=order, default=None)
        days = None if last is None else (row["admitted_on"] - last["discharged_on"]).days
        if world.within(row["discharged_on"]):
            month = {"month": f"{row['discharged_on']:%Y-%m}"} if world.monthly else {}
            groups = world.groups_of_institution(row["institution_id"])
            yield {**row, "days_since_discharge": days, "groups": groups, **month}


def order(stay):
    return stay["admitted_on"], stay["discharged_on"], stay["stay_id"]


def contracted_visits(world: World):
    for visit in visits(world):
        if not (visit["primary"] and visit["in_county"]):
            continue
        for contract in world["contract"]:
            same = contract["resident_id"] == visit["resident_id"]
            if same and contract["start_on"] <= visit["day"] <= contract["end_on"]:
                groups = world.groups_of_institution(contract["institution_id"])
                in_team = related(visit["institution_id"], contract["institution_id"], world)
                yield {**visit, "in_team": in_team, "groups": groups}


def related(one, other, world):
    parents = [(world.institutions.get(key) or {"parent_id": None})["parent_id"] for key in (one, other)]
    same_parent = parents[0] is not None and parents[0] == parents[1]
    return one == other or parents[0] == other or parents[1] == one or same_parent


RELATIONS = {
    "visit": visits, "stay": stays, "stay_after_stay": stays_after_stays, "contracted_visit": contracted_visits,
}  # fmt: skip
