"""Residents, places and contracts, row by row."""

from datetime import timedelta

from rowwise.world import World, age


def settlements(world: World):
    for month, first, last in world.spans():
        for row in world["place"]:
            if row["kind"] in ("village", "community"):
                yield {**row, "groups": world.groups_of_place(row["place_id"]), "month": month,
                       "span_days": (last - first).days + 1}  # fmt: skip


def residents(world: World):
    for row in world.standing("resident", "registered_on", "died_on"):
        groups = world.groups_of_place(row["place_id"])
        yield {**row, "age": age(row["birth_date"], row["as_of"]), "groups": groups}


def residents_with_contract(world: World):
    listed = {each.first for each in world.rules["contract.key_groups"].codes.ranges}
    for row in residents(world):
        contracted = any(
            contract["resident_id"] == row["resident_id"] and contract["start_on"] <= row["as_of"] <= contract["end_on"]
            for contract in world["contract"]
        )
        yield {
            **row,
            "contracted": contracted,
            "key_group": bool(listed & set(row["key_groups"])),
            "long_term_care": "long_term_care" in row["key_groups"],
        }


def residents_with_checkup(world: World):
    seen = {row["resident_id"] for row in world.during("visit", "day") if row["kind"] == "checkup"}
    seen |= {row["resident_id"] for row in world.during("follow_up", "day") if row["programme"] == "elderly"}
    for row in residents(world):
        elderly = row["age"] >= world.rules["followup.elderly_from_age"].number
        yield {**row, "elderly": elderly, "managed": row["resident_id"] in seen}


def contracts(world: World):
    for row in world.standing("contract", "start_on", "end_on"):
        yield {**row, "groups": world.groups_of_institution(row["institution_id"])}


def contracts_ended(world: World):
    soon = timedelta(days=world.rules["measure.contract_renewal_within"].days)
    for row in world.during("contract", "end_on"):
        renewed = any(
            other["resident_id"] == row["resident_id"] and row["start_on"] < other["start_on"] <= row["end_on"] + soon
            for other in world["contract"]
        )
        yield {**row, "renewed": renewed, "groups": world.groups_of_institution(row["institution_id"])}


RELATIONS = {
    "settlement": settlements,
    "resident": residents,
    "resident_with_contract": residents_with_contract,
    "resident_with_checkup": residents_with_checkup,
    "contract": contracts,
    "contract_ended": contracts_ended,
}
