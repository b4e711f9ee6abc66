"""Random people take random steps on random cases of every declared workflow, some twice, some on what is no longer so.

Beside the engine stands a model of a few lines; whatever the engine lets happen must be what the model expects, and
every step that happened has exactly one event, one audit record and one fact, and its effect once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, find, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.generative.bare import Script, bare, filled
from tests.racing import at_once
from tests.spine.county import account, draw_county, resident
from tests.spine.sterile import BOUND, STERILE_SUPPLY

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.checks import can_step
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact
from yigongti.spine.notices.models import Notice

START = datetime(2026, 6, 1, 12, tzinfo=COUNTY_TIME)
STERILE = Binding(STERILE_SUPPLY, **BOUND)
EVERY = [STERILE.workflow.id, *sorted(REGISTRY.workflows)]
OPENERS, SERVERS, PERSONS = ("T1", "T2", None), ("H1", "H2", None), ("R1", "R2", None)
PLACES = {"T1": ("institution", "T1", {"T1"}), "H1": ("consortium", "H1", {"H1", "T1", "V1", "V2"}),
          "H2": ("institution", "H2", {"H2"}), "all": ("county", None, None)}  # fmt: skip
"""Where somebody sits → the assignment, and the institutions reached (None: the county)."""
NO_STEP = "fly"


def binding_for(workflow_id: str) -> Binding:
    return STERILE if workflow_id == STERILE.workflow.id else binding_of(workflow_id)


class RolledBack(Exception):
    """Ends an example's transaction."""


@dataclass(frozen=True)
class Seat:
    """Somebody: one role at one place, a resident, or the system."""

    role: str
    place: str = ""
    person: str | None = None

    def reaches(self, institution: str | None) -> bool:
        if self.role == SYSTEM:
            return True
        reached = PLACES[self.place][2]
        return reached is None or institution in reached


@dataclass
class Expected:
    """What the model knows of a case."""

    case: Case
    opener: str | None
    server: str | None
    person: str | None
    state: str
    steps: list[str] = field(default_factory=lambda: ["open"])
    effects: int = 0

    def sides(self, step: Step) -> set[str | None]:
        own = {"sender": {self.opener}, "member": {self.opener}, "team": {self.opener}, "receiver": {self.server},
               "centre": {self.server}, "county": {None}}  # fmt: skip
        return own.get(step.at) or {self.opener, self.server} - {None} or {None}

    def allows(self, step: Step | None, who: Seat) -> bool:
        if step is None or who.role not in step.roles:
            return False
        if who.role == Role.RESIDENT:
            return self.person is not None and self.person == who.person
        return any(who.reaches(institution) for institution in self.sides(step))

    def follow(self, step: Step, data: dict[str, Any]) -> None:
        self.state, self.server = step.target, data.get("counterpart", self.server)
        self.person = data.get("resident", self.person)
        self.steps.append(step.name)
        self.effects += bool(step.effect)


def seats(workflow: Workflow) -> list[Seat]:
    """Everybody who could act in a workflow, and somebody who never may."""
    acting = workflow.openers.union(*(step.roles for step in workflow.steps))
    stranger = next(str(role) for role in Role if role not in acting and role != Role.RESIDENT)
    staff = sorted(str(role) for role in acting - {Role.RESIDENT, SYSTEM})
    found = [Seat(role, place) for role in staff for place in PLACES] + [Seat(stranger, "all"), Seat(SYSTEM)]
    return found + [Seat(Role.RESIDENT.value, person=person) for person in ("R1", "R2")]


def seated(seat: Seat, number: int) -> Any:
    """The account of a seat."""
    if seat.role == SYSTEM:
        return SYSTEM_ACTOR
    if seat.person:
        return account(f"r{number}", (Role.RESIDENT, "county", None), resident_id=seat.person)
    reach, institution, _reached = PLACES[seat.place]
    return account(f"s{number}", (Role(seat.role), reach, institution))


class Cases(RuleBasedStateMachine):
    """The engine beside its model, in one transaction that is rolled back."""

    workflow: Workflow
    script: Script

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cases: list[Expected] = []
        self.done: list[tuple[Expected, str, Seat, str, int]] = []
        self.count, self.now = 0, START
        self.script.done.clear()

    @initialize()
    def county(self) -> None:
        draw_county()
        for person in ("R1", "R2"):
            resident(person)
        self.people = {seat: seated(seat, number) for number, seat in enumerate(seats(self.workflow))}

    def teardown(self) -> None:
        self.transaction.__exit__(RolledBack, RolledBack(), None)

    def request(self) -> str:
        self.count += 1
        self.now += timedelta(minutes=7)
        return f"request-{self.count}"

    def draw_data(self, data: st.DataObject, *, needs: tuple[str, ...], asks: tuple[str, ...]) -> dict[str, Any]:
        columns = {column.name: column for column in self.workflow.fields}
        wanted = (*needs, *(name for name in asks if data.draw(st.booleans())))
        return {name: data.draw(filled(columns[name])) for name in wanted}

    @rule(data=st.data(), opener=st.sampled_from(OPENERS), server=st.sampled_from(SERVERS),
          person=st.sampled_from(PERSONS))  # fmt: skip
    def opens(self, data: st.DataObject, opener: str | None, server: str | None, person: str | None) -> None:
        who = data.draw(st.sampled_from([seat for seat in self.people if self._opens(seat)] or list(self.people)))
        self._open(data, who, opener, server, person)

    @rule(data=st.data(), opener=st.sampled_from(OPENERS))
    def somebody_opens(self, data: st.DataObject, opener: str | None) -> None:
        self._open(data, data.draw(st.sampled_from(list(self.people))), opener, "H1", "R1")

    def _opens(self, seat: Seat) -> bool:
        return seat.role in (self.workflow.openers | {SYSTEM})

    def _open(self, data: st.DataObject, who: Seat, opener: str | None, server: str | None, person: str | None) -> None:
        said = self.draw_data(data, needs=self.workflow.opening, asks=self.workflow.opening_asks)
        in_role = who.role in (self.workflow.openers)
        mine = person is not None and who.person == person if who.role == Role.RESIDENT else None
        allowed = in_role and (mine if mine is not None else who.reaches(opener))
        try:
            case = open_case(self.workflow.id, parties=Parties(opener, server, person), by=self.people[who],
                             at=self.now, request_id=self.request(), data=said)  # fmt: skip
        except NotAllowed:
            assert not allowed
            return
        assert allowed
        server, person = said.get("counterpart", server), said.get("resident", person)
        self.cases.append(Expected(case, opener, server, person, self.workflow.initial))

    def attempt(self, expected: Expected, name: str, who: Seat, said: dict[str, Any], seen: Case) -> bool:
        request_id = self.request()
        step = self.workflow.step(name, state=expected.state)
        try:
            event = take(seen, name, by=self.people[who], at=self.now, request_id=request_id, data=said)
        except NotAllowed:
            return False
        assert step is not None, "a step that is not declared"
        assert event.to_state == step.target
        expected.follow(step, said)
        self.done.append((expected, name, who, request_id, event.pk))
        return True

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), agrees=st.booleans())
    def tries(self, data: st.DataObject, agrees: bool) -> None:
        """Anybody tries any step; the guard agrees or not."""
        expected = data.draw(st.sampled_from(self.cases))
        name = data.draw(st.sampled_from([*sorted({step.name for step in self.workflow.steps}), NO_STEP]))
        who = data.draw(st.sampled_from(list(self.people)))
        self._try(data, expected, name, who, agrees=agrees)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), agrees=st.booleans())
    def does_what_is_next(self, data: st.DataObject, agrees: bool) -> None:
        """Somebody who may takes a step that leads on, so that cases come to their ends."""
        expected = data.draw(st.sampled_from(self.cases))
        able = [
            (step.name, seat)
            for step in self.workflow.steps_from(expected.state)
            for seat in self.people
            if expected.allows(step, seat)
        ]
        if able:
            name, who = data.draw(st.sampled_from(able))
            self._try(data, expected, name, who, agrees=agrees)

    def _try(self, data: st.DataObject, expected: Expected, name: str, who: Seat, *, agrees: bool) -> None:
        step = self.workflow.step(name, state=expected.state)
        said = self.draw_data(data, needs=step.needs, asks=step.asks) if step else {}
        in_order, self.script.allows = expected.allows(step, who), agrees
        let = in_order and (agrees or not (step and step.guard))
        seen = Case.objects.get(pk=expected.case.pk)
        asked_first = in_order and (let or bool(step and (step.needs or step.asks)))
        assert can_step(seen, name, by=self.people[who], at=self.now) == asked_first
        assert self.attempt(expected, name, who, said, seen) == let

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        expected, step, who, request_id, event_id = data.draw(st.sampled_from(self.done))
        event = take(expected.case, step, by=self.people[who], at=self.now, request_id=request_id)
        assert event.pk == event_id

    @precondition(lambda self: any(len(each.steps) > 1 for each in self.cases))
    @rule(data=st.data())
    def acts_on_what_is_no_longer_so(self, data: st.DataObject) -> None:
        expected = data.draw(st.sampled_from([each for each in self.cases if len(each.steps) > 1]))
        step = data.draw(st.sampled_from(self.workflow.steps))
        who = data.draw(st.sampled_from(list(self.people)))
        said = self.draw_data(data, needs=step.needs, asks=step.asks)
        assert not self.attempt(expected, step.name, who, said, expected.case)

    @precondition(lambda self: self.cases and any(step.needs for step in self.workflow.steps))
    @rule(data=st.data())
    def leaves_something_out(self, data: st.DataObject) -> None:
        expected = data.draw(st.sampled_from(self.cases))
        step = data.draw(st.sampled_from([step for step in self.workflow.steps if step.needs]))
        who = data.draw(st.sampled_from(list(self.people)))
        said = self.draw_data(data, needs=step.needs[1:], asks=())
        if (self.workflow.step(step.name, state=expected.state) or step) is step:
            assert not self.attempt(expected, step.name, who, said, Case.objects.get(pk=expected.case.pk))

    @invariant()
    def every_case_is_where_its_steps_led_it(self) -> None:
        stored = Case.objects.in_bulk([each.case.pk for each in self.cases])
        for expected in self.cases:
            case = stored[expected.case.pk]
            assert (case.state, case.version) == (expected.state, len(expected.steps))
            assert (case.counterpart_id, case.resident_id) == (expected.server, expected.person)
            assert (case.closed_at is not None) == self.workflow.is_final(expected.state)
            assert case.closed_at is None or case.due_at is None

    @invariant()
    def every_step_left_exactly_one_of_each_trace_and_its_effect(self) -> None:
        steps = {(each.case.pk, i + 1, step) for each in self.cases for i, step in enumerate(each.steps)}
        assert set(CaseEvent.objects.values_list("case_id", "version", "step")) == steps
        assert CaseStepFact.objects.count() == len(steps)
        assert AuditRecord.objects.filter(action="case_step").count() == len(steps)
        assert len(self.script.done) == sum(each.effects for each in self.cases)

    @invariant()
    def nobody_is_told_twice_of_one_step_or_of_their_own(self) -> None:
        told = list(Notice.objects.values_list("subject", "at", "user_id"))
        assert len(told) == len(set(told))
        acted = {(f"case:{case}", at, user) for case, at, user in CaseEvent.objects.values_list("case", "at", "user")}
        assert acted.isdisjoint(told)


@contextmanager
def machine(workflow_id: str) -> Iterator[type[Cases]]:
    script = Script()
    with bare(binding_for(workflow_id), script) as workflow:
        yield type("CasesOf", (Cases,), {"workflow": workflow, "script": script})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workflow_id", EVERY)
def test_only_declared_steps_by_those_allowed_and_every_step_leaves_its_traces_once(workflow_id: str) -> None:
    how = settings(max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    with machine(workflow_id) as of_this:
        run_state_machine_as_test(of_this, settings=how)
    assert not User.objects.exists(), "examples must not leak into each other"


@pytest.mark.django_db(transaction=True)
@pytest.mark.store
@pytest.mark.parametrize("workflow_id", EVERY)
def test_of_many_at_once_one_moves_the_case_and_no_update_is_lost(workflow_id: str) -> None:
    with bare(binding_for(workflow_id), Script()) as workflow:
        case, step, people = a_case_to_race_for(workflow)
        said = {name: filled_plainly(workflow, name) for name in step.needs}

        def client(number: int) -> Any:
            try:
                seen = Case.objects.get(pk=case.pk, version=1)
                return take(seen, step.name, by=people[number % len(people)], at=START, request_id=f"r{number}",
                            data=said)  # fmt: skip
            except Case.DoesNotExist as too_late:
                return too_late

        outcomes = at_once(client, clients=6)
    assert sum(isinstance(outcome, CaseEvent) for outcome in outcomes) == 1
    assert Case.objects.get().version == CaseEvent.objects.count() == CaseStepFact.objects.count() == 2


def a_case_to_race_for(workflow: Workflow) -> tuple[Case, Step, list[Any]]:
    """A new case, a step that leads on, and two who may take it."""
    draw_county()
    resident("R1")
    step = workflow.steps_from(workflow.initial)[0]
    said = {name: filled_plainly(workflow, name) for name in workflow.opening}
    case = open_case(workflow.id, parties=Parties("T1", "H1", "R1"), by=seated(seat_of_opener(workflow), 0), at=START,
                     request_id="open", data=said)  # fmt: skip
    role = sorted(step.roles)[0]
    seat = Seat(role, person="R1") if role == Role.RESIDENT else Seat(role, "all")
    return case, step, [seated(seat, number) for number in (1, 2)]


def seat_of_opener(workflow: Workflow) -> Seat:
    """Somebody who may open a case: an institution's person where there is such a role, else the resident."""
    staff = sorted(workflow.openers - {Role.RESIDENT})
    if not staff and Role.RESIDENT in workflow.openers:
        return Seat(Role.RESIDENT, person="R1")
    return Seat(staff[0] if staff else SYSTEM, "all")


def filled_plainly(workflow: Workflow, name: str) -> Any:
    column = next(column for column in workflow.fields if column.name == name)
    return find(filled(column), lambda _value: True)
