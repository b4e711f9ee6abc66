"""A list read page by page is the list read whole, whoever reads it and whenever."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.spine.county import account, draw_county, resident
from tests.spine.sterile import in_use

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.cases.engine import Parties, open_case
from yigongti.spine.cases.listing import Wanted, count_up_to, page_of
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.selectors import WorkList, work_list
from yigongti.spine.people.models import Identity

pytestmark = [pytest.mark.django_db, pytest.mark.store]
NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def five_cases() -> Iterator[None]:
    draw_county()
    with in_use():
        clinician = account("clinician", (Role.CLINICIAN, "institution", "T1"))
        for number in range(5):
            case = open_case("sterile_supply", parties=Parties("T1", "H1"), by=clinician, at=NOON + number * HOUR,
                             request_id=f"request {number}", data={"title": f"换药包 {number}"})  # fmt: skip
            due_at = None if number == 2 else NOON + number * HOUR
            Case.objects.filter(pk=case.pk).update(due_at=due_at)
        yield


def readers() -> list[User]:
    return [
        User.objects.get(username="clinician"),
        account("technician", (Role.TECHNICIAN, "institution", "H1")),
        account("county", (Role.TECHNICIAN, "county", None)),
        account("nobody"),
    ]


def turned(which: WorkList, user: Any, *, at: datetime) -> list[str]:
    """The ids of a list's cases, two a page."""
    found, after = [], ""
    while True:
        page = page_of(which, user, wanted=Wanted(), at=at, after=after, size=2)
        found += [case.pk for case in page.cases]
        after = page.after
        if not after:
            return found


@pytest.mark.parametrize("which", list(WorkList))
def test_pages_put_together_are_the_list_at_every_instant(which: WorkList) -> None:
    for user in readers():
        for at in (NOON + HOUR / 2, NOON + 3.5 * HOUR, NOON + HOUR / 2):
            whole = list(work_list(user, which=which, at=at).values_list("pk", flat=True))
            assert turned(which, user, at=at) == whole
            assert count_up_to(3, which, user, at=at) == min(len(whole), 3)


def test_who_opened_a_case_finds_it_though_a_colleague_in_the_same_seat_asked_first() -> None:
    colleague = account("colleague", (Role.CLINICIAN, "institution", "T1"))
    assert turned(WorkList.MINE, colleague, at=NOON) == []
    assert len(turned(WorkList.MINE, User.objects.get(username="clinician"), at=NOON)) == 5


def test_a_list_has_the_names_of_the_parties() -> None:
    resident("R1")
    Identity.objects.create(resident_id="R1", name="王小明", id_number="", phone="")
    Case.objects.update(resident_id="R1")
    first = page_of(WorkList.ALL, User.objects.get(username="clinician"), wanted=Wanted(), at=NOON).cases[0]
    assert (first.resident_name, first.counterpart_name) == ("王小明", Case.objects.get(pk=first.pk).counterpart.name)
