"""Two consortia with a budget each way, a hospital in the city, two years of care: small enough to reckon by hand."""

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
    *({"place_id": f"T{n}", "name": f"第{n}镇", "kind": "town"} for n in (1, 2)),
    *({"place_id": f"V{n}", "name": f"第{n}村", "kind": "village", "parent_id": f"T{n}"} for n in (1, 2)),
]


def institution(key: str, name: str, consortium: str | None, town: int, **more: Any) -> dict[str, Any]:
    return {
        "institution_id": key, "name": name, "kind": "county_hospital", "level": "secondary", "ownership": "public",
        "consortium_id": consortium, "place_id": f"T{town}", "is_lead": True, "in_county": True, **more,
    }  # fmt: skip


CENTRE = {"kind": "township_center", "level": "primary", "is_lead": False}
INSTITUTIONS = [
    institution("H1", "县人民医院", "A", 1),
    institution("C1", "第一镇卫生院", "A", 1, **CENTRE),
    institution("H2", "县第二医院", "B", 2),
    institution("C2", "第二镇卫生院", "B", 2, **CENTRE),
    institution("X1", "市一医院", None, 1, kind="city_hospital", level="tertiary", is_lead=False, in_county=False),
]
RESIDENTS = [
    {"resident_id": f"R{n}", "sex": "male" if n % 2 else "female", "birth_date": date(1950 + n * 7, 1, 1),
     "place_id": f"V{n % 2 + 1}", "insured_as": "resident", "key_groups": [], "registered_on": date(2020, 1, 1)}
    for n in range(6)
]  # fmt: skip


def stay(
    number: int, institution_id: str, person: int, day: date, fund_fen: int = 400_000, **more: Any
) -> dict[str, Any]:
    return {
        "stay_id": f"S{number:03}", "resident_id": f"R{person}", "institution_id": institution_id,
        "admitted_on": date(day.year, day.month, max(day.day - 6, 1)), "discharged_on": day, "discharge_way": "1",
        "dx": ["J18.900"], "procedures": [], "age_years": 60, "sex": "male", "tcm": False, "insured_as": "resident",
        "total_fen": fund_fen + 150_000, "fund_fen": fund_fen, "self_fen": 150_000, "deductible_fen": 50_000, **more,
    }  # fmt: skip


def visit(number: int, institution_id: str, person: int, day: date) -> dict[str, Any]:
    return {
        "visit_id": f"W{number:04}", "resident_id": f"R{person}", "institution_id": institution_id, "day": day,
        "kind": "outpatient", "dx": ["J00"], "tcm": False, "total_fen": 9_000, "fund_fen": 6_000, "self_fen": 3_000,
        "booked": False,
    }  # fmt: skip


STAYS = [
    *(stay(n, ("H1", "H2")[n % 2], n % 2 + (n % 3) * 2, date(2024, n % 12 + 1, 20), 380_000 + n * 1_000)
      for n in range(24)),
    *(stay(100 + n, ("H1", "H2", "C1", "C2")[n % 4], n % 2 + (n % 3) * 2, date(2025, n % 12 + 1, 20),
           400_000 + n * 1_111) for n in range(36)),
    stay(200, "X1", 0, date(2025, 6, 20), 900_000),
]  # fmt: skip
VISITS = [
    visit(year % 100 * 100 + month, ("C1", "C2")[month % 2], month % 6, date(year, month, 5))
    for year in (2024, 2025)
    for month in range(1, 13)
]
BUDGETS = [
    {"year": year, "consortium_id": name, "insured_as": "resident", "scheme": scheme, "amount_fen": amount}
    for year in (2024, 2025)
    for name in ("A", "B")
    for scheme, amount in (("inpatient", 9_000_000), ("outpatient", 40_000))
]


def settle_down() -> None:
    """Put the whole county into the record store and the lake."""
    bring(place=PLACES, institution=INSTITUTIONS, resident=RESIDENTS, stay=STAYS, visit=VISITS, budget=BUDGETS)


def bring(**facts: Rows) -> None:
    """Add facts as one delivery."""
    with Staging() as staging:
        for name, rows in facts.items():
            table = COUNTY[name]
            numbered = [{**row, "_file": 0, "_line": line} for line, row in enumerate(rows)]
            staging.add(table, pa.RecordBatch.from_pylist(numbered, staged_schema(table)))
        deposit(staging, delivery=new_id())
