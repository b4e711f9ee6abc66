"""Small counties drawn at random: every table of the dictionary, referring to each other, with awkward values.

What is drawn for hypothesis is a seed and the number of rows of each table; each row follows from the seed, its
table and its place, so that a failing county shrinks by losing rows while the others stay as they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import pyarrow as pa
from hypothesis import strategies as st

from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.kernel.facts import Column, FactTable, Kind

MOST = 24
ALWAYS_THERE = 9
"""Residents of every age group of the life table, and one of 70."""
FIRST = date(2023, 10, 1)
DAYS = 550
LAND = (
    ("P0", "county", None), ("P1", "town", "P0"), ("P2", "village", "P1"), ("P3", "street", "P0"),
    ("P4", "community", "P3"), ("P5", "village", "P1"),
)  # fmt: skip
KINDS = (
    ("H1", "county_hospital", "secondary", True), ("H2", "tcm_hospital", "secondary", False),
    ("T1", "township_center", "primary", False), ("T2", "community_center", "primary", False),
    ("V1", "village_room", "none", False), ("D1", "community_station", "none", False),
    ("Y1", "retail_pharmacy", "none", False), ("X1", "city_hospital", "tertiary", False),
)  # fmt: skip
CHOICES = {
    "institution": ("H1", "H1", "H2", "T1", "T1", "T2", "V1", "D1", "Y1", "X1", "X1", "gone"),
    "place": ("P0", "P1", "P2", "P3", "P4", "P5"),
    "resident": (*("R0", "R1", "R7") * 6, *(f"R{number}" for number in range(13))),
    "staff": ("S0", "S1", "S2", "S3", "S4", "S5", "gone"),
    "consortium_id": ("C1", "C2"), "zone_id": ("Z1", "Z2"), "item_code": ("CT", "US"),
    "department": ("内科", "老年医学科"), "specialty": ("内科", "精神科", "精防"), "disease": ("霍乱", "流感"),
    "cause": ("I21.9", "C34", "J44.1", "E11", "V01", "E1"),
    "account": ("income.medical.service", "income.medical.drug", "income.subsidy", "cost.staff", "cost.material",
                "cash.balance", "debt.balance", "other"),
    "indicator": ("unified_management", "democratic_decision", "service_coordination"), "item": ("人事", "财务"),
    "programme": ("hypertension", "diabetes", "severe_mental_disorder", "elderly"),
    "code": ("sbp", "dbp", "fbg"), "title": ("junior", "attending", "senior"),
    "profession": ("physician", "physician", "nurse", "public_health", "clinical_pharmacist", "psychologist"),
    "key_groups": ("elderly", "long_term_care", "diabetes", "not_listed"), "prescription_id": ("A", "B", "C", "D"),
}  # fmt: skip
UNUSED = {
    "place", "institution", "resident", "staff", "identity", "charge", "budget", "drug_stock", "case_step",
    "condition", "procedure", "immunization", "allergy",
}  # fmt: skip


@dataclass(frozen=True)
class County:
    """What a county follows from; `tables` draws it."""

    seed: int
    sizes: tuple[tuple[str, int], ...]

    @property
    def tables(self):
        """Every table that indicators read; places and institutions are always the same ones, otherwise as drawn."""
        sizes = {**dict(self.sizes), "place": len(LAND), "institution": len(KINDS), "resident": 12, "staff": 6}
        tables = {name: rows(MEASURED[name], self.seed, size) for name, size in sizes.items()}
        for row, (key, kind, parent) in zip(tables["place"], LAND, strict=True):
            row.update(place_id=key, kind=kind, parent_id=parent)
        for row, (key, kind, level, lead) in zip(tables["institution"], KINDS, strict=True):
            row.update(institution_id=key, kind=kind, level=level, is_lead=lead, in_county=key != "X1")
        for number, row in enumerate(tables["resident"]):
            born = date(1994 - 5 * number, 6, 1)
            row.update(resident_id=f"R{number}", birth_date=born, registered_on=max(row["registered_on"], born))
            if number < ALWAYS_THERE:
                row.update(registered_on=FIRST, died_on=None)
        for number, row in enumerate(tables["staff"]):
            row.update(staff_id=f"S{number}")
        return tables


def counties():
    sizes = st.tuples(*(st.tuples(st.just(name), st.integers(0, MOST)) for name in MEASURED if name not in UNUSED))
    return st.builds(County, st.integers(0, 2**32), sizes)


def rows(table: FactTable, seed: int, size: int):
    found = {}
    for number in range(size):
        row = one(table, Random(f"{seed} {table.name} {number}"))
        if len(table.key) == 1 and not table[table.key[0]].refers:
            row[table.key[0]] = f"{table.name}{number:03}"
        found[tuple(row[name] for name in table.key)] = row
    return list(found.values())


def one(table: FactTable, random: Random):
    """One row, earlier days before later ones."""
    row = {column.name: value(column, random) for column in table.columns}
    for earlier, later in table.orders:
        if row[earlier] is not None and row[later] is not None and row[earlier] > row[later]:
            row[earlier], row[later] = row[later], row[earlier]
    return row


def value(column: Column, random: Random):
    if column.null and random.random() < 0.5:
        return None
    if column.kind is Kind.LIST:
        return random.sample(CHOICES.get(column.name, ("I10", "E11")), random.randint(0, 2))
    if column.refers or column.name in CHOICES:
        return random.choice(CHOICES.get(column.name) or CHOICES[column.refers])
    return random.choice(sorted(column.choices)) if column.choices else plain(column, random)


def plain(column: Column, random: Random):
    """A day is often one of few, so that facts meet; numbers lie at and around the limits of the rules."""
    day = FIRST + timedelta(days=random.choice((random.randrange(DAYS), random.randrange(0, DAYS, 61))))
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=random.randrange(1440))
    return {
        Kind.DAY: day,
        Kind.INSTANT: instant,
        Kind.FLAG: random.random() < 0.5,
        Kind.FEN: random.randrange(50_000),
        Kind.INTEGER: random.randint(28, 72) if column.name == "age_years" else random.randint(0, 4),
        Kind.NUMBER: random.choice((0.0, 5.5, 85.0, 95.0, 139.0, 140.0, 149.5, 151.0, 900.0)),
        Kind.MONTH: random.choice(("2023-12", "2024-06", "2024-11", "2024-12", "2025-03")),
        Kind.TEXT: random.choice("ab"),
    }[column.kind]


def arrow(tables: dict[str, list[dict]]) -> dict[str, pa.Table]:
    """The same county as Arrow tables."""
    return {
        name: pa.Table.from_pylist(found, schema=_nullable(MEASURED[name].schema)) for name, found in tables.items()
    }


def _nullable(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema])
