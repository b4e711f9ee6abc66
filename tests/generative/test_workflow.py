"""A declaration is either a closed loop or is refused with what is wrong: the proof against a walk and by mutation."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spine.sterile import STERILE_SUPPLY

from yigongti.kernel.registry import Registry
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Side, Step, Workflow, diagram, permissions, problems


def test_the_example_is_a_closed_loop() -> None:
    assert problems(STERILE_SUPPLY) == []


def test_who_may_open_a_case_follows_from_who_acts_for_the_sender() -> None:
    assert STERILE_SUPPLY.openers == {"clinician"}


def test_the_permission_table_has_a_line_for_every_step_source_and_role() -> None:
    table = permissions(STERILE_SUPPLY)
    assert len(table) == 7
    assert [(line.role, line.side) for line in table if line.step == "cancel"] == [("clinician", Side.OPENER)]


def test_the_diagram_shows_every_state_every_step_and_the_ends() -> None:
    text = diagram(STERILE_SUPPLY)
    assert text.startswith("stateDiagram-v2\n")
    assert '    state "已申领" as requested' in text
    assert "    requested --> cancelled: 撤销" in text
    assert "    [*] --> requested" in text
    assert "    used --> [*]" in text


def without(name: str) -> tuple[Step, ...]:
    return tuple(step for step in STERILE_SUPPLY.steps if step.name != name)


def plus(*steps: Step) -> tuple[Step, ...]:
    return (*STERILE_SUPPLY.steps, *steps)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"initial": "nowhere"}, "initial: state 'nowhere' is not declared"),
        ({"final": {"used", "gone"}}, "final: state 'gone' is not declared"),
        ({"final": ()}, "final: no state"),
        ({"initial": "used"}, "initial state 'used' is an end"),
        ({"steps": without("collect")}, "state 'collected' cannot be reached from 'requested'"),
        ({"steps": without("use")}, "state 'sterilised' can never reach an end"),
        ({"steps": without("repeat")}, "state 'failed' can never reach an end"),
        ({"steps": plus(Step("x", "cancelled", "requested", by="clinician", at="member"))}, "leads out of the end"),
        ({"steps": plus(Step("collect", {"requested", "failed"}, "used", by="technician"))}, "two steps 'collect'"),
        ({"steps": plus(Step("x", "requested", "used", by="wizard"))}, "unknown role 'wizard'"),
        ({"steps": plus(Step("x", "requested", "used", by=()))}, "step 'x' is for nobody"),
        ({"steps": plus(Step("x", "requested", "used", by="clinician", at="moon"))}, "which is no party of a case"),
        ({"steps": plus(Step("x", "requested", "lost", by="clinician"))}, "target of x: state 'lost' is not declared"),
        ({"steps": plus(Step("x", (), "used", by="clinician"))}, "source of x: no state"),
        ({"opened_by": "wizard"}, "opened by unknown role 'wizard'"),
        ({"steps": tuple(replace(step, at="centre") for step in STERILE_SUPPLY.steps)}, "nobody can open a case"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_declaration_is_told(changed: dict[str, object], told: str) -> None:
    assert any(told in problem for problem in problems(replace(STERILE_SUPPLY, **changed)))


def test_a_declaration_with_problems_does_not_get_into_the_registry() -> None:
    registry = Registry()
    with pytest.raises(ValueError, match="can never reach an end"):
        registry.add_workflow(replace(STERILE_SUPPLY, steps=without("use")))
    assert not registry.workflows


def test_an_id_is_declared_once() -> None:
    registry = Registry()
    registry.add_workflow(STERILE_SUPPLY)
    registry.add_workflow(STERILE_SUPPLY)
    with pytest.raises(ValueError, match="declared twice"):
        registry.add_workflow(replace(STERILE_SUPPLY))


NAMES = tuple("abcdef")


@st.composite
def drawn(draw: st.DrawFn) -> Workflow:
    """Any graph of up to six states, with roles and parties that exist."""
    states = draw(st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
    count = draw(st.integers(1, 10))
    steps = tuple(
        Step(f"s{i}", draw(st.sets(st.sampled_from(states), min_size=1, max_size=2)), draw(st.sampled_from(states)),
             by=draw(st.sets(st.sampled_from(sorted(Role)), min_size=1, max_size=2)),
             at=draw(st.sampled_from(["", "sender", "receiver"])))
        for i in range(count)
    )  # fmt: skip
    final = draw(st.sets(st.sampled_from(states), max_size=2))
    return Workflow("w", label="w", states={state: state for state in states}, initial=states[0], final=final,
                    steps=steps, opened_by="clinician")  # fmt: skip


def walks(workflow: Workflow, start: str) -> set[str]:
    """Every state that a walk along the steps can come to: the plain way, by trying all steps again and again."""
    reached = {start}
    for _ in workflow.states:
        reached |= {step.target for step in workflow.steps if step.sources & reached}
    return reached


@st.composite
def sound(draw: st.DrawFn) -> Workflow:
    """A way through all states to one end, and any other steps besides that do not lead out of it."""
    states = draw(st.permutations(NAMES).map(lambda names: names[: draw(st.integers(2, 6))]))
    way = [Step(f"on{i}", states[i], states[i + 1], by="clinician", at="sender") for i in range(len(states) - 1)]
    besides = [
        Step(f"by{i}", draw(st.sampled_from(states[:-1])), draw(st.sampled_from(states)), by="manager")
        for i in range(draw(st.integers(0, 4)))
    ]
    return Workflow("w", label="w", states={state: state for state in states}, initial=states[0], final=states[-1],
                    steps=(*way, *besides))  # fmt: skip


@given(drawn() | sound())
def test_the_proof_agrees_with_walking_the_graph(workflow: Workflow) -> None:
    reachable = walks(workflow, workflow.initial) == set(workflow.states)
    closing = all(walks(workflow, state) & workflow.ends for state in workflow.states)
    ends_end = not any(workflow.steps_from(state) for state in workflow.ends)
    closed_loop = reachable and closing and ends_end and bool(workflow.ends) and workflow.initial not in workflow.ends
    assert (problems(workflow) == []) == closed_loop


@given(sound())
def test_in_a_sound_workflow_a_case_stops_at_an_end_and_nowhere_else(workflow: Workflow) -> None:
    assert problems(workflow) == []
    assert all(workflow.is_final(state) == (not workflow.steps_from(state)) for state in workflow.states)


MUTATIONS: dict[str, Callable[[Workflow, Step], Workflow]] = {
    "a target that is not declared": lambda w, s: replace(w, steps=(*w.steps, replace(s, name="m", target="zz"))),
    "a step for nobody": lambda w, s: replace(w, steps=(*w.steps, replace(s, name="m", by=()))),
    "the same step twice": lambda w, s: replace(w, steps=(*w.steps, replace(s))),
    "a state nothing leads to": lambda w, s: replace(w, states={**w.states, "zz": "zz"}),
    "no end": lambda w, s: replace(w, final=()),
    "a way out of the end": lambda w, s: replace(w, steps=(*w.steps, replace(s, name="m", source=w.ends))),
}


@given(sound(), st.sampled_from(sorted(MUTATIONS)), st.data())
def test_any_sound_declaration_with_one_thing_broken_is_refused(
    workflow: Workflow, mutation: str, data: st.DataObject
) -> None:
    step = data.draw(st.sampled_from(workflow.steps))
    assert problems(MUTATIONS[mutation](workflow, step)) != []
