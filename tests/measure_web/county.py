"""A county small enough to check by hand: two consortia, each a lead hospital and two township centres."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from yigongti.analytics.lake.deposit import deposit
from yigongti.analytics.lake.staging import Staging, staged_schema
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.ids import new_id

Rows = Iterable[Mapping[str, Any]]

PLACES = [
    {"place_id": "P0", "name": "甲县", "kind": "county", "lon": 120.0, "lat": 30.0},
    *(
        {
            "place_id": f"T{n}",
            "name": f"第{n}镇",
            "kind": "town",
            "parent_id": "P0",
            "lon": 120 + n / 10,
            "lat": 30 + n / 20,
        }
        for n in range(1, 5)
    ),
    *(
        {"place_id": f"V{n}", "name": f"第{n}村", "kind": "village", "parent_id": f"T{n}", "population": 1000}
        for n in range(1, 5)
    ),
]


def hospital(key: str, name: str, consortium: str | None, **more: Any) -> dict[str, Any]:
    return {
        "institution_id": key, "name": name, "kind": "county_hospital", "level": "secondary", "ownership": "public",
        "consortium_id": consortium, "place_id": "T1", "is_lead": True, "in_county": True, **more,
    }  # fmt: skip


def centre(number: int, consortium: str) -> dict[str, Any]:
    about = {"kind": "township_center", "level": "primary", "is_lead": False, "zone_id": f"Z{number}"}
    return hospital(f"C{number}", f"第{number}镇卫生院", consortium, **{**about, "place_id": f"T{number}"})


INSTITUTIONS = [
    hospital("H1", "甲县人民医院", "A"),
    hospital("H2", "甲县第二医院", "B"),
    *(centre(number, "A" if number < 3 else "B") for number in range(1, 5)),
    hospital("X1", "市一医院", None, kind="city_hospital", level="tertiary", is_lead=False, in_county=False),
]
RESIDENTS = [
    {
        "resident_id": f"R{n}", "sex": "male", "birth_date": date(1960, 1, 1), "place_id": f"V{n % 4 + 1}",
        "insured_as": "resident", "key_groups": [], "registered_on": date(2020, 1, 1),
    }
    for n in range(8)
]  # fmt: skip


def visit(number: int, institution: str, day: date) -> dict[str, Any]:
    return {
        "visit_id": f"W{number}", "resident_id": f"R{number % 8}", "institution_id": institution, "day": day,
        "kind": "outpatient", "dx": ["I10"], "tcm": False, "total_fen": 5000, "fund_fen": 3000, "self_fen": 2000,
        "booked": False,
    }  # fmt: skip


def visits(year: int, *, at: Mapping[str, int]) -> list[dict[str, Any]]:
    """In every month of a year, so many visits at each institution."""
    found = []
    for month in range(1, 13):
        for institution, count in at.items():
            found += [(institution, date(year, month, day)) for day in range(1, count + 1)]
    return [visit(year * 10_000 + number, *each) for number, each in enumerate(found)]


def bring(**tables: Rows) -> None:
    """Put facts into store and lake, as a load does."""
    with Staging() as staging:
        for name, rows in tables.items():
            staging.add(COUNTY[name], _batch(name, list(rows)))
        deposit(staging, delivery=new_id())


def settle() -> None:
    """The places, institutions and people, and two years of visits: in consortium A 60 % at base level, in B 20 %."""
    bring(place=PLACES, institution=INSTITUTIONS, resident=RESIDENTS)
    at = {"H1": 4, "C1": 3, "C2": 3, "H2": 8, "C3": 1, "C4": 1, "X1": 2}
    bring(visit=[*visits(2024, at=at), *visits(2025, at=at)])


def _batch(name: str, rows: list[Mapping[str, Any]]) -> pa.RecordBatch:
    schema = staged_schema(COUNTY[name])
    full = [{**dict.fromkeys(schema.names), "_file": 0, "_line": line, **row} for line, row in enumerate(rows)]
    return pa.RecordBatch.from_pylist(full, schema=schema)
