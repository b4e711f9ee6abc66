"""A county with two township centres, people with a history there, and doctors who look at it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yigongti.kernel import clock

TODAY = date(2025, 12, 15)
Row = Mapping[str, Any]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def bring(db: None, tmp_path: Path) -> Callable[..., None]:
    """bring(visit=[…], stay=[…]): rows into store and lake as an office's files would bring them."""
    from tests.files.offices import brought, csv_file

    def come(**tables: Sequence[Row]) -> None:
        for name, rows in tables.items():
            report = brought(csv_file(tmp_path / f"{name}.csv", rows))
            assert report.quarantined == 0, (name, report)

    return come


@pytest.fixture
def county(bring: Callable[..., None]) -> None:
    """R1 and R2 live in village P1 of town T; R1 is treated at I1, R2 at I2; R3 has no history."""
    from tests.files.offices import identity, institution, resident, visit

    places = [
        {"place_id": "T", "name": "云溪镇", "kind": "town", "parent_id": ""},
        {"place_id": "P1", "name": "东寨村", "kind": "village", "parent_id": "T"},
    ]
    bring(
        place=places,
        institution=[institution(1), institution(2)],
        resident=[resident(1), resident(2, key_groups="elderly"), resident(3, key_groups="")],
        identity=[
            identity(1),
            identity(2, name="李明", id_number="500113197001010013", phone="13800000002"),
            identity(3, name="王五", id_number="500113198001010015", phone="13800000003"),
        ],
        visit=[visit(1, day="2025-03-10"), visit(2, resident_id="R2", institution_id="I2", day="2025-03-11")],
    )


@pytest.fixture
def doctor(county: None) -> Any:
    """A family doctor of I1."""
    from tests.spine.county import account

    from yigongti.kernel.roles import Role

    return account("doctor", (Role.FAMILY_DOCTOR, "institution", "I1"))


@pytest.fixture
def at(client: Any) -> Callable[..., Any]:
    """at(user).get("/residents/"): a browser in which somebody is signed in."""

    def signed_in(user: Any) -> Any:
        client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
        return client

    return signed_in
