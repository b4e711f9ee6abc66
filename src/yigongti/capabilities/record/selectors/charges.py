"""The charges of one visit or stay, read from the lake on demand: only the parts of its months."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow.parquet as pq
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.analytics.lake.manifest import current, located
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.periods import Period
from yigongti.spine.record.entries import entry_shape
from yigongti.spine.record.models import Entry

COLUMNS = ("day", "category", "item_code", "item_name", "quantity", "unit_price_fen", "amount_fen", "fund_fen")
ENCOUNTERS = ("visit", "stay")


@dataclass(frozen=True)
class Charge:
    """One item that was charged; amounts in fen."""

    day: date
    category: str
    item_code: str
    item_name: str
    quantity: float
    unit_price_fen: int | None
    amount_fen: int
    fund_fen: int | None


@dataclass(frozen=True)
class Bill:
    """The charges of an encounter by day and category, their sum in fen, and sums by category, most first."""

    charges: Sequence[Charge]
    total_fen: int
    by_category: Sequence[tuple[str, int]]


def bill(resident_id: str, *, table: str, key: str) -> Bill:
    """The charges of one of the person's visits or stays.  Raises Http404 where they had no such encounter."""
    entry = Entry.objects.filter(resident_id=resident_id, table=table, key=key).first() if table in ENCOUNTERS else None
    if entry is None:
        raise Http404(f"no {table} {key} of this person")
    rows = _rows(resident_id, key, months=_months(entry))
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.category] = sums.get(row.category, 0) + row.amount_fen
    return Bill(rows, sum(sums.values()), sorted(sums.items(), key=lambda each: -each[1]))


def _months(entry: Entry) -> list[str]:
    """The months of the encounter: of a visit its day's, of a stay from admission to discharge."""
    shape = entry_shape(entry.table)
    first = entry.day
    if shape is not None and "admitted_on" in shape.line:
        first = date.fromisoformat(json.loads(entry.line)[shape.line.index("admitted_on")])
    return [f"{month.start:%Y-%m}" for month in Period(first.replace(day=1), entry.day).months()]


def _rows(resident_id: str, key: str, *, months: Sequence[str]) -> list[Charge]:
    parts = current("charge").filter(month__in=months).values_list("path", flat=True)
    categories = COUNTY["charge"]["category"].choices
    wanted = [("resident_id", "==", resident_id), ("encounter_id", "==", key)]
    found = [
        {**row, "category": _(categories.get(row["category"], row["category"]))}
        for path in parts
        for row in pq.read_table(located(path), columns=list(COLUMNS), filters=wanted).to_pylist()
    ]
    return sorted((Charge(**row) for row in found), key=lambda charge: (charge.day, charge.category, charge.item_name))
