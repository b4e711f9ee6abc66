"""A few rows written by hand, screened by one detector: what a spec test of supervision says."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.facts.tables import LIMIT
from yigongti.capabilities.supervision.services.screening import screen
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook, Rules

BOOK = RuleBook.load()
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
USUAL: Mapping[str, Mapping[str, Any]] = {
    "stay": {
        "department": "内科", "discharge_way": "1", "dx": ["J18.900"], "procedures": [], "age_years": 60, "sex": "male",
        "tcm": False, "total_fen": 500_000, "fund_fen": 300_000, "self_fen": 200_000, "deductible_fen": 0,
        "drug_fen": 200_000, "material_fen": 0, "exam_fen": 50_000, "lab_fen": 50_000, "service_fen": 200_000,
        "insured_as": "resident", "resident_id": "R1", "institution_id": "H1",
    },
    "visit": {
        "kind": "outpatient", "dx": ["J06.900"], "tcm": False, "total_fen": 10_000, "fund_fen": 5_000,
        "self_fen": 5_000, "booked": False, "resident_id": "R1", "institution_id": "H1",
    },
    "charge": {
        "encounter_id": "V1", "resident_id": "R1", "institution_id": "H1", "day": "2025-06-02", "category": "lab",
        "quantity": 1.0, "unit_price_fen": 1_000, "amount_fen": 1_000, "fund_fen": 600, "prescriber_id": "D1",
    },
    "exam": {"resident_id": "R1", "kind": "imaging", "item_code": "CT", "ordered_by": "H1", "critical": False},
    "prescription_line": {
        "line": 1, "resident_id": "R1", "institution_id": "H1", "prescriber_id": "D1", "drug_code": "A",
        "drug_name": "甲片", "dose": 1.0, "dose_unit": "片", "route": "口服", "frequency": "qd", "quantity": 1.0,
        "dx": ["I10"], "kind": "western", "long_term": True, "reviewed": "auto_pass",
    },
    "resident": {"sex": "male", "birth_date": "1965-03-01", "insured_as": "resident", "key_groups": [],
                 "registered_on": "2010-01-01"},
    "institution": {"name": "医院", "kind": "county_hospital", "level": "secondary", "ownership": "public",
                    "place_id": "P1", "is_lead": False, "in_county": True},
    "death": {"cause": "I21.900", "age_years": 70},
}  # fmt: skip
"""What a row is where a test does not say."""
PEOPLE = [{"resident_id": "R1"}, {"resident_id": "R2", "sex": "female"}]
PLACES = [{"institution_id": "H1"}, {"institution_id": "H2", "kind": "township_center", "level": "primary"}]


def found(
    detector: str, *, limits: Iterable[Mapping[str, Any]] = (), period: Period = YEAR, book: RuleBook = BOOK,
    **tables: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:  # fmt: skip
    """The hits of one detector over the rows given; two residents and two institutions are there unless said."""
    given: dict[str, Iterable[Mapping[str, Any]]] = {"resident": PEOPLE, "institution": PLACES, **tables}
    sources = {name: rows_of(COUNTY[name], rows) for name, rows in given.items()}
    known = rows_of(LIMIT, [{"limit_id": str(place), "subject": "", **row} for place, row in enumerate(limits)])
    from yigongti.capabilities.supervision.services.grouping import with_groups

    chosen = [DETECTORS[detector]]
    grouped = with_groups(sources, chosen, rules=Rules(book, period.end))
    screened = screen(chosen, period=period, sources=grouped, book=book, limits=known, threads=1)
    return list(screened.found[0].hits.to_pylist())


def subjects(detector: str, **given: Any) -> list[str]:
    """What the hits of one detector are about."""
    return [hit["subject"] for hit in found(detector, **given)]


def rows_of(table: FactTable, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a fact table; days and instants may be written as text."""
    usual = USUAL.get(table.name, {})
    schema = pa.schema([each.with_nullable(True) for each in table.schema])
    complete = [{**usual, **row} for row in rows]
    columns = [_column([row.get(each.name) for row in complete], each.type) for each in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    is_text = any(isinstance(each, str) for each in values)
    if is_text and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)
