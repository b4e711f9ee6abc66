"""Several people at once, on a real database: no update is lost, and nothing happens twice."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest
from tests import racing
from tests.spine.county import account, draw_county
from tests.spine.sterile import in_use

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.audit import trail
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
CLIENTS = 8
at_once = partial(racing.at_once, clients=CLIENTS)


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    draw_county()
    account("clinician", (Role.CLINICIAN, "institution", "T1"))
    for number in range(CLIENTS):
        account(f"technician{number}", (Role.TECHNICIAN, "institution", "H1"))
    with in_use():
        yield


def pack(request_id: str = "") -> Case:
    clinician = User.objects.get(username="clinician")
    parties = Parties("T1", "H1")
    return open_case("sterile_supply", parties=parties, by=clinician, at=NOON, request_id=request_id or uuid4().hex)


def collect(case_id: str, *, number: int, request_id: str) -> CaseEvent:
    technician = User.objects.get(username=f"technician{number}")
    return take(Case.objects.get(pk=case_id), "collect", by=technician, at=NOON, request_id=request_id)


def test_of_many_who_take_the_same_step_one_does_and_the_others_are_told() -> None:
    case = pack()
    outcomes = at_once(lambda number: collect(case.pk, number=number, request_id=f"r{number}"))
    assert sum(isinstance(outcome, CaseEvent) for outcome in outcomes) == 1
    assert CaseEvent.objects.filter(step="collect").count() == 1
    assert Case.objects.get().version == 2


def test_a_request_sent_many_times_at_once_happens_once_and_all_get_the_same_answer() -> None:
    case = pack()
    outcomes = at_once(lambda number: collect(case.pk, number=0, request_id="once"))
    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, CaseEvent)}) == 1
    assert not [outcome for outcome in outcomes if isinstance(outcome, NotAllowed)]
    assert CaseEvent.objects.filter(step="collect").count() == 1


def test_a_case_opened_by_the_same_request_many_times_at_once_is_one_case() -> None:
    outcomes = at_once(lambda number: CaseEvent.objects.get(case=pack("once")))
    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, CaseEvent)}) == 1
    assert Case.objects.count() == CaseEvent.objects.count() == CaseStepFact.objects.count() == 1


def test_many_cases_at_once_lose_no_trace_and_the_audit_chain_holds() -> None:
    cases = [pack() for _ in range(CLIENTS)]
    outcomes = at_once(lambda number: collect(cases[number].pk, number=number, request_id=f"r{number}"))
    assert all(isinstance(outcome, CaseEvent) for outcome in outcomes), outcomes
    assert CaseStepFact.objects.count() == CaseEvent.objects.count() == 2 * CLIENTS
    assert AuditRecord.objects.filter(action="case_step").count() == 2 * CLIENTS
    assert trail.verify().sound
