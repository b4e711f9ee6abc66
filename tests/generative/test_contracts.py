"""Contracts of a few people in random hands: whatever happens, nobody has two that are valid, and the facts agree."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id

pytestmark = pytest.mark.django_db
RESIDENTS = ("R1", "R2")
CENTRES = {"A": "T1", "B": "T2"}
resident_ids, teams = st.sampled_from(RESIDENTS), st.sampled_from("AB")
aheads = st.sampled_from((0, 0, 0, 30, 100, 400))
STEPS = {
    "confirm": {}, "accept": {}, "sign_on_paper": {"paper": "1"}, "decline": {"reason": "x"}, "begin": {},
    "terminate": {"reason": "x"}, "amend": {"package": "basic", "reason": "x"}, "renew": {"for_years": 1},
    "transfer": {"to_team": "B", "reason": "x"},
}  # fmt: skip


class Signing(RuleBasedStateMachine):
    """Doctors of two teams and three residents propose, sign, renew, transfer and end contracts while days pass."""

    def __init__(self) -> None:
        super().__init__()
        from django.db import transaction
        from tests.contract import people

        self.held = transaction.atomic()
        self.held.__enter__()
        self.today = date(2026, 3, 2)
        people.draw()
        for key in RESIDENTS:
            people.resident(key)
        self.users = {at: people.account("family_doctor", at=at) for at in ("T1", "T2")}
        self.users |= {key: people.account("resident", resident_id=key) for key in RESIDENTS}

    def teardown(self) -> None:
        from django.db import transaction

        transaction.set_rollback(True)
        self.held.__exit__(None, None, None)

    @rule(resident_id=resident_ids, team=teams, ahead=aheads, by_resident=st.booleans())
    def propose(self, resident_id: str, team: str, ahead: int, by_resident: bool) -> None:
        from tests.contract import people

        with clock.at(self.today):
            start = self.today + timedelta(days=ahead)
            by = self.users[resident_id if by_resident else CENTRES[team]]
            tried(lambda: people.proposed(by, resident_id=resident_id, team_id=team, start_on=start))

    @rule(resident_id=resident_ids, team=teams, ahead=aheads)
    def sign_up(self, resident_id: str, team: str, ahead: int) -> None:
        from tests.contract import people

        with clock.at(self.today):
            start = self.today + timedelta(days=ahead)
            by = self.users[CENTRES[team]]
            tried(lambda: people.signed(by, resident_id=resident_id, team_id=team, start_on=start))

    @rule(which=st.integers(0, 50), name=st.sampled_from(sorted(STEPS)), by_resident=st.booleans())
    def step(self, which: int, name: str, by_resident: bool) -> None:
        """A step of some contract, by its own team or resident."""
        from yigongti.capabilities.contract.models import Contract
        from yigongti.capabilities.contract.services.signing import begin_if_due
        from yigongti.spine.cases.engine import take

        contracts = list(Contract.objects.filter(closed_at=None).order_by("pk"))
        if not contracts:
            return
        contract = contracts[which % len(contracts)]
        with clock.at(self.today):
            by, at = self.users[contract.resident_id if by_resident else contract.institution_id], clock.now()
            if tried(lambda: take(contract, name, by=by, at=at, request_id=new_id(), data=STEPS[name])):
                tried(lambda: begin_if_due(contract.pk, at=at))

    @rule(days=st.integers(1, 200))
    def pass_days(self, days: int) -> None:
        from yigongti.capabilities.contract.services.timer import run_due

        self.today += timedelta(days=days)
        with clock.at(self.today):
            run_due(at=clock.now(), tell=str)

    @invariant()
    def nobody_has_two_contracts_for_one_day(self) -> None:
        from yigongti.capabilities.contract.models import Contract

        began = ("in_force", "expired", "renewed", "transferred", "terminated")
        for key in RESIDENTS:
            rows = Contract.objects.filter(resident_id=key, state__in=began).order_by("start_on", "opened_at")
            spans = list(rows.values_list("start_on", "end_on", "state"))
            for (_start, end, state), (start, _end, _state) in pairwise(spans):
                assert end < start or (end == start and state in ("terminated", "transferred")), spans

    @invariant()
    def who_has_a_valid_contract_is_who_has_one_in_force(self) -> None:
        from yigongti.capabilities.contract.models import Contract, ValidContract

        in_force = dict(Contract.objects.filter(state="in_force").values_list("resident_id", "pk"))
        assert dict(ValidContract.objects.values_list("resident_id", "case_id")) == in_force
        assert Contract.objects.filter(state="in_force").count() == len(in_force)

    @invariant()
    def items_are_only_asked_for_while_a_contract_lasts(self) -> None:
        from yigongti.capabilities.contract.models import Contract, DueItem

        for item in DueItem.objects.select_related("contract"):
            assert item.contract.start_on <= item.opens_on <= item.due_on <= item.contract.end_on or item.done_on
        pending = Contract.objects.filter(state__in=("proposed", "signed", "declined"))
        assert not DueItem.objects.filter(contract__in=pending).exists()

    @invariant()
    def every_contract_that_began_waits_as_the_fact_that_it_is(self) -> None:
        from yigongti.capabilities.contract.models import Contract
        from yigongti.spine.cases.models import LiveFact

        facts = {fact.key: fact.row for fact in LiveFact.objects.filter(table="contract")}
        began = Contract.objects.exclude(state__in=("proposed", "signed", "declined"))
        assert set(facts) == set(began.values_list("pk", flat=True))
        for contract in began:
            assert facts[contract.pk]["end_on"] == contract.end_on.isoformat()


def tried(attempt: Any) -> bool:
    """Whether it was allowed; in a transaction of its own, as every request is."""
    from django.db import transaction

    try:
        with transaction.atomic():
            attempt()
    except NotAllowed:
        return False
    return True


def test_whatever_happens_nobody_has_two_valid_contracts() -> None:
    run_state_machine_as_test(
        Signing,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )  # fmt: skip
