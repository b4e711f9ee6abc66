"""Random people take random steps on random cases, some twice, some on what is no longer so.

Beside the engine stands a model of a few lines; whatever the engine lets happen must be what the model expects, and
every step that happened has exactly one event, one audit record and one fact.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.spine.county import account, draw_county, resident
from tests.spine.sterile import STERILE_SUPPLY, in_use

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.checks import can_step
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact
from yigongti.spine.notices.models import Notice

START = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
PEOPLE = {
    "c_T1": (Role.CLINICIAN, "institution", "T1"),
    "c_T2": (Role.CLINICIAN, "institution", "T2"),
    "c_C1": (Role.CLINICIAN, "consortium", "H1"),
    "t_H1": (Role.TECHNICIAN, "institution", "H1"),
    "t_H2": (Role.TECHNICIAN, "institution", "H2"),
    "t_all": (Role.TECHNICIAN, "county", None),
    "m_H1": (Role.MANAGER, "consortium", "H1"),
}
REACHES = {"c_T1": {"T1"}, "c_T2": {"T2"}, "c_C1": {"H1", "T1", "V1", "V2"}, "t_H1": {"H1"}, "t_H2": {"H2"},
           "t_all": {"H1", "H2", "T1", "T2", "V1", "V2"}, "m_H1": {"H1", "T1", "V1", "V2"}}  # fmt: skip
FILLED = {"sterilise": {"batch": "B", "indicator_passed": True}, "fail": {"reason": "湿包"},
          "use": {"resident": "R1"}, "cancel": {"reason": "重复"}}  # fmt: skip
MEMBERS, CENTRES = ("T1", "T2", "V1"), ("H1", "H2")
STEPS = ("collect", "sterilise", "fail", "repeat", "deliver", "use", "cancel", "fly")


class RolledBack(Exception):
    """Ends an example's transaction."""


@dataclass
class Expected:
    """What the model knows of a case."""

    case: Case
    member: str
    centre: str
    state: str = "requested"
    steps: list[str] = field(default_factory=lambda: ["open"])

    def allows(self, step: str, who: str) -> bool:
        for declared in STERILE_SUPPLY.steps:
            if declared.name == step and self.state in declared.sources:
                seat = self.centre if declared.at == "centre" else self.member
                return PEOPLE[who][0] in declared.roles and seat in REACHES[who]
        return False


class Cases(RuleBasedStateMachine):
    """The engine beside its model, in one transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cases: list[Expected] = []
        self.done: list[tuple[Expected, str, str, str, int]] = []
        self.count, self.now = 0, START

    @initialize()
    def county(self) -> None:
        draw_county()
        resident("R1")
        self.people = {name: account(name, assignment) for name, assignment in PEOPLE.items()}

    def teardown(self) -> None:
        self.transaction.__exit__(RolledBack, RolledBack(), None)

    def request(self) -> str:
        self.count += 1
        self.now += timedelta(minutes=7)
        return f"request-{self.count}"

    @rule(
        who=st.sampled_from(sorted(PEOPLE)),
        member=st.sampled_from(["T1", "T2", "V1"]),
        centre=st.sampled_from(["H1", "H2"]),
    )
    def opens(self, who: str, member: str, centre: str) -> None:
        allowed = PEOPLE[who][0] is Role.CLINICIAN and member in REACHES[who]
        try:
            case = open_case("sterile_supply", parties=Parties(member, centre), by=self.people[who], at=self.now,
                             request_id=self.request())  # fmt: skip
        except NotAllowed:
            assert not allowed
            return
        assert allowed
        self.cases.append(Expected(case, member, centre))

    def attempt(self, expected: Expected, step: str, who: str, data: dict[str, Any] | None, seen: Case) -> bool:
        request_id = self.request()
        try:
            event = take(seen, step, by=self.people[who], at=self.now, request_id=request_id, data=data)
        except NotAllowed:
            return False
        expected.state = event.to_state
        expected.steps.append(step)
        self.done.append((expected, step, who, request_id, event.pk))
        return True

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), step=st.sampled_from(STEPS), who=st.sampled_from(sorted(PEOPLE)))
    def tries(self, data: st.DataObject, step: str, who: str) -> None:
        expected = data.draw(st.sampled_from(self.cases))
        allowed = expected.allows(step, who)
        seen = Case.objects.get(pk=expected.case.pk)
        assert can_step(seen, step, by=self.people[who], at=self.now) == allowed
        assert self.attempt(expected, step, who, FILLED.get(step), seen) == allowed

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), who=st.sampled_from(sorted(PEOPLE)))
    def does_what_is_next(self, data: st.DataObject, who: str) -> None:
        expected = data.draw(st.sampled_from(self.cases))
        for step in (step for step in STEPS if expected.allows(step, who)):
            assert self.attempt(expected, step, who, FILLED.get(step), Case.objects.get(pk=expected.case.pk))
            return

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        expected, step, who, request_id, event_id = data.draw(st.sampled_from(self.done))
        event = take(expected.case, step, by=self.people[who], at=self.now, request_id=request_id)
        assert event.pk == event_id

    @precondition(lambda self: any(len(each.steps) > 1 for each in self.cases))
    @rule(data=st.data(), step=st.sampled_from(STEPS), who=st.sampled_from(sorted(PEOPLE)))
    def acts_on_what_is_no_longer_so(self, data: st.DataObject, step: str, who: str) -> None:
        expected = data.draw(st.sampled_from([each for each in self.cases if len(each.steps) > 1]))
        assert not self.attempt(expected, step, who, FILLED.get(step), expected.case)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), step=st.sampled_from(sorted(FILLED)), who=st.sampled_from(sorted(PEOPLE)))
    def leaves_the_form_empty(self, data: st.DataObject, step: str, who: str) -> None:
        expected = data.draw(st.sampled_from(self.cases))
        assert not self.attempt(expected, step, who, None, Case.objects.get(pk=expected.case.pk))

    @invariant()
    def every_case_is_where_its_steps_led_it(self) -> None:
        for expected in self.cases:
            stored = Case.objects.get(pk=expected.case.pk)
            assert (stored.state, stored.version) == (expected.state, len(expected.steps))
            assert (stored.closed_at is not None) == STERILE_SUPPLY.is_final(expected.state)

    @invariant()
    def every_step_left_exactly_one_of_each_trace(self) -> None:
        steps = {(each.case.pk, i + 1, step) for each in self.cases for i, step in enumerate(each.steps)}
        assert set(CaseEvent.objects.values_list("case_id", "version", "step")) == steps
        assert CaseStepFact.objects.count() == len(steps)
        assert AuditRecord.objects.filter(action="case_step").count() == len(steps)

    @invariant()
    def nobody_is_told_twice_of_one_step_or_of_their_own(self) -> None:
        for notice in Notice.objects.select_related("user"):
            acted = CaseEvent.objects.filter(case_id=notice.subject.removeprefix("case:"), at=notice.at)
            assert notice.user_id not in acted.values_list("user_id", flat=True)


@pytest.mark.django_db(transaction=True)
def test_only_declared_steps_by_those_allowed_and_every_step_leaves_its_traces_once() -> None:
    with in_use():
        run_state_machine_as_test(Cases, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
    assert not User.objects.exists(), "examples must not leak into each other"
