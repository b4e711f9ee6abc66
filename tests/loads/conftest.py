"""Offices that send files by browser: the bureau, the insurance office, a hospital's manager."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def offices(db: None, tmp_path: Path) -> None:
    """Institutions I1 and I2, loaded; and who sends: bureau, insurer, manager (of I1), auditor."""
    from tests.files.offices import brought, csv_file, institution
    from tests.spine.county import account

    from yigongti.kernel.roles import Role

    brought(csv_file(tmp_path / "institution.csv", [institution(1), institution(2)]))
    for role in (Role.BUREAU, Role.INSURER, Role.AUDITOR, Role.ADMIN):
        account(role.value, (role, "county", None))
    account("manager", (Role.MANAGER, "institution", "I1"))


@pytest.fixture
def office(offices: None, client: Any) -> Callable[[str], Any]:
    """office("bureau") → the browser of that office."""
    from yigongti.spine.access.models import User

    def signed_in(username: str) -> Any:
        client.force_login(User.objects.get(username=username), backend="yigongti.spine.access.backend.Accounts")
        return client

    return signed_in


@pytest.fixture
def send(office: Callable[[str], Any], tmp_path: Path) -> Callable[..., Any]:
    """send("bureau", visit=[rows]) → the answer to sending these tables as CSV files."""
    from tests.files.offices import csv_file

    def sent(username: str, **tables: Any) -> Any:
        paths = [csv_file(tmp_path / f"{name}.csv", rows) for name, rows in tables.items()]
        handles = [path.open("rb") for path in paths]
        return office(username).post("/loads/upload/", {"files": handles})

    return sent
