"""A small demonstration county in the lake and the store, swept; and people who look at it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.services.screening import READS, Screened, screen
from yigongti.demo import generate
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook, Rules

UNTIL = date(2026, 11, 20)


@dataclass(frozen=True)
class Planted:
    """A demonstration county's files, what was planted in them, and what a sweep over all of it found."""

    truths: Mapping[str, Any]
    screened: Screened

    def subjects(self, detector: str) -> set[str]:
        return set(self.hits(detector)["subject"].to_pylist())

    def hits(self, detector: str) -> pa.Table:
        return next(each.hits for each in self.screened.found if each.detector.id == detector)


def planted(folder: Path, *, residents: int, seed: int) -> Planted:
    """Generate a county and sweep it with its own rule base, as the product's first start does."""
    from yigongti.capabilities.supervision.decisions.rule_base import read
    from yigongti.capabilities.supervision.services.grouping import with_groups
    from yigongti.capabilities.supervision.services.rule_base import sheets_of, table_of
    from yigongti.demo.fund import write_rule_base

    made = generate(residents=residents, months=24, seed=seed, out=folder, until=UNTIL)
    book = write_rule_base(folder)
    limits = table_of(read(sheets_of(book.read_bytes(), book.name), file=book.name))
    sources = {table: [folder / f"{table}.parquet"] for table in READS}
    whole, policy = Period(date(2024, 10, 1), made.end), RuleBook.load()
    grouped = with_groups(sources, DETECTORS.values(), rules=Rules(policy, whole.end))
    found = screen(DETECTORS.values(), period=whole, sources=grouped, book=policy, limits=limits)
    return Planted(json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truths"], found)


@pytest.fixture
def insurer(somebody: Callable[..., Any]) -> Any:
    return somebody("insurer")


@pytest.fixture
def places(db: Any) -> None:
    from yigongti.spine.places.models import Institution

    for name, kind in (("H1", "county_hospital"), ("H2", "township_center"), ("H3", "township_center")):
        Institution.objects.create(
            institution_id=name, name=f"{name}机构", kind=kind, level="secondary", ownership="public", place_id="P",
            is_lead=False, in_county=True,
        )  # fmt: skip
