"""A consortium of a hospital and two centres with books, staff, equipment, visits, exams, and a frozen evaluation."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yigongti.kernel import clock
from yigongti.kernel.roles import Role

MEMBERS = ("H", "T1", "T2")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(date(2026, 2, 1)):
        yield


@pytest.fixture
def county(db: None, tmp_path: Path) -> None:
    """H leads; T1 has a village room V; 30 visits at T1 (12 of them at V), 10 at T2; six exams read at H."""
    from tests.files.offices import brought, csv_file, institution, visit

    own = {"ownership": "public", "consortium_id": "C1", "in_county": "1"}
    tables: dict[str, list[dict[str, Any]]] = {
        "institution": [
            institution(1, institution_id="H", kind="county_hospital", is_lead="1", zone_id="", **own),
            institution(2, institution_id="T1", zone_id="Z1", place_id="P1", **own),
            institution(3, institution_id="T2", zone_id="Z2", place_id="P2", **own),
            institution(4, institution_id="V", kind="village_room", parent_id="T1", zone_id="Z1", **own),
        ],
        "visit": [visit(n, institution_id="V" if n < 12 else "T1" if n < 30 else "T2") for n in range(40)],
        "exam": [_exam(n) for n in range(6)],
        "equipment": [{"institution_id": name, "kind": "ct", "count": "2", "networked": "1"} for name in MEMBERS],
        "staff": [_staff(name) for name in MEMBERS],
        "finance": [row for name in MEMBERS for row in _books(name)],
    }
    for name, rows in tables.items():
        report = brought(csv_file(tmp_path / f"{name}.csv", rows))
        assert report.quarantined == 0, (name, report)


def _exam(number: int) -> dict[str, Any]:
    return {
        "exam_id": f"E{number}", "resident_id": "R1", "kind": "ecg", "item_code": "x",
        "ordered_by": "T1" if number < 4 else "T2", "read_by": "H",
        "ordered_at": "2025-03-01T08:00:00+08:00", "critical": "0",
    }  # fmt: skip


def _staff(name: str) -> dict[str, Any]:
    return {
        "staff_id": f"S{name}", "institution_id": name, "profession": "physician", "title": "attending",
        "general_practitioner": "0", "hired_on": "2020-01-01",
    }  # fmt: skip


def _books(name: str) -> Iterator[dict[str, Any]]:
    for month in range(1, 13):
        for account_, amount in (("income.medical.service", 1000), ("cost.staff", 900), ("cash.balance", 300)):
            yield {
                "institution_id": name, "month": f"2025-{month:02d}", "account": account_, "amount_fen": str(amount)
            }  # fmt: skip


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evaluation of 2025 is frozen: T2 met half of its targets, everybody else all."""
    from yigongti.capabilities.finance.services import evaluated
    from yigongti.capabilities.measure.api.evaluations import FrozenEvaluation, Verdict

    by_institution = {"H": Verdict(10, 10), "T1": Verdict(10, 10), "T2": Verdict(5, 10)}
    found = FrozenEvaluation("RUN", clock.now(), "x", {"C1": Verdict(9, 10)}, by_institution)
    monkeypatch.setattr(evaluated, "frozen_evaluation", lambda year: found if year == 2025 else None)


@pytest.fixture
def people(county: None) -> SimpleNamespace:
    """The manager who reckons and the bureau's officer who posts."""
    from tests.spine.county import account

    return SimpleNamespace(
        manager=account("boss", (Role.MANAGER, "consortium", "H")),
        bureau=account("officer", (Role.BUREAU, "county", None)),
    )
