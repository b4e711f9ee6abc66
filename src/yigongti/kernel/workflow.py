"""A service declared once: states, steps, who may act, deadlines.  Everything else is derived from it.

    Workflow("sterile_supply", label="消毒供应", states={…}, initial="requested", final={"used", "cancelled"}, steps=(
        Step("collect", "requested", "collected", by="technician", at="centre", deadline="sterile_supply.collect"),
        …))

A declaration is checked by `problems`; a workflow with problems is refused wherever it would be used.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from yigongti.kernel.facts.columns import Column
from yigongti.kernel.roles import SYSTEM, Role

Names = str | Iterable[str]
ROLES = frozenset(Role) | {SYSTEM}


class Side(StrEnum):
    """Which of a case's two institutions a step belongs to: the one that opened it, the one that serves it
    (its counterpart), either of them, or none (the county as a whole)."""

    OPENER = "opener"
    COUNTERPART = "counterpart"
    EITHER = "either"
    COUNTY = "county"


PARTIES: Mapping[str, Side] = {
    "": Side.EITHER, "sender": Side.OPENER, "member": Side.OPENER, "team": Side.OPENER, "receiver": Side.COUNTERPART,
    "centre": Side.COUNTERPART, "county": Side.COUNTY,
}  # fmt: skip
"""What a step may give as `at`, in the words of the service, and which side of the case that is."""


def _set(names: Names) -> frozenset[str]:
    return frozenset({str(names)} if isinstance(names, str) else (str(name) for name in names))


@dataclass(frozen=True, eq=False)
class Step:
    """One step that may be taken: from any of its source states to its target, by some roles at one side.

    deadline: rule id of the duration within which it is due after the case came into the source state;
    needs: names of the fields that must be filled in; asks: names of those that may be;
    guard: name of the decision that must allow it; effect: name of what it does besides.
    Two steps may share a name where their sources are disjoint.
    """

    name: str
    source: Names
    target: str
    by: Names
    at: str = ""
    label: str = ""
    deadline: str = ""
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    guard: str = ""
    effect: str = ""

    @cached_property
    def sources(self) -> frozenset[str]:
        return _set(self.source)

    @cached_property
    def roles(self) -> frozenset[str]:
        return _set(self.by)

    @property
    def side(self) -> Side:
        return PARTIES[self.at]

    @property
    def title(self) -> str:
        """What the button says."""
        return self.label or self.name


@dataclass(frozen=True, eq=False)
class Workflow:
    """A service as states and steps.

    states: id → label, in the order in which they are shown; final: states that end a case;
    opened_by: roles that open a case (by default those that act for the opener); opening: names of the fields that
    opening needs; opening_asks: of those that it may be given besides; fields: what steps' fields are, where it is not
    plain text; shown_to: roles that see cases without acting in them, besides managers; source: the clause it serves.
    """

    id: str
    label: str
    states: Mapping[str, str]
    initial: str
    final: Iterable[str]
    steps: tuple[Step, ...]
    opened_by: Names = ()
    opening: tuple[str, ...] = ()
    opening_asks: tuple[str, ...] = ()
    fields: tuple[Column, ...] = ()
    shown_to: Names = ()
    source: str = ""

    @cached_property
    def participants(self) -> frozenset[str]:
        """The roles that see a case where they reach: those that act in it or open it, managers, and `shown_to`.

        A resident sees their own cases only and is not among them."""
        acting = frozenset[str]().union(*(step.roles for step in self.steps))
        return (acting | self.openers | _set(self.shown_to) | {Role.MANAGER}) - {SYSTEM, Role.RESIDENT}

    @cached_property
    def ends(self) -> frozenset[str]:
        return _set(self.final)

    @cached_property
    def openers(self) -> frozenset[str]:
        """The roles that may open a case."""
        acting = (step.roles for step in self.steps if PARTIES.get(step.at) is Side.OPENER)
        return _set(self.opened_by) or frozenset[str]().union(*acting) - {SYSTEM}

    def is_final(self, state: str) -> bool:
        return state in self.ends

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The steps that lead out of a state, in the order of declaration."""
        return tuple(step for step in self.steps if state in step.sources)

    def step(self, name: str, *, state: str) -> Step | None:
        """The step of this name out of a state; None where there is none."""
        return next((step for step in self.steps_from(state) if step.name == name), None)

    def labelled(self, name: str) -> str:
        """The label of a step's name, as in its first declaration."""
        return next((step.title for step in self.steps if step.name == name), name)

    def field(self, name: str) -> Column | None:
        """The declaration of a field; None where it is not declared here."""
        return next((column for column in self.fields if column.name == name), None)


def problems(workflow: Workflow) -> list[str]:
    """Everything that is wrong with a declaration; empty for a closed loop.

    Proves that initial, final and all sources and targets are declared states, that every state is reachable, that
    every state can reach an end, that nothing leads out of an end, that steps of one name have disjoint sources,
    that somebody can open a case, and that roles and parties are known.
    """
    checks = (_undeclared, _ambiguous, _strangers, _unreachable, _endless, _past_the_end, _unopened)
    return [problem for check in checks for problem in check(workflow)]


def _undeclared(workflow: Workflow) -> Iterator[str]:
    places = {"initial": {workflow.initial}, "final": workflow.ends}
    for step in workflow.steps:
        places[f"source of {step.name}"], places[f"target of {step.name}"] = step.sources, {step.target}
    for place, states in places.items():
        yield from (f"{place}: state {state!r} is not declared" for state in sorted(states - set(workflow.states)))
        if not states:
            yield f"{place}: no state"


def _ambiguous(workflow: Workflow) -> Iterator[str]:
    seen: dict[str, set[str]] = defaultdict(set)
    for step in workflow.steps:
        if twice := seen[step.name] & step.sources:
            yield f"two steps {step.name!r} lead out of {sorted(twice)}"
        seen[step.name] |= step.sources


def _strangers(workflow: Workflow) -> Iterator[str]:
    for step in workflow.steps:
        if not step.roles:
            yield f"step {step.name!r} is for nobody"
        if step.at not in PARTIES:
            yield f"step {step.name!r} is at {step.at!r}, which is no party of a case"
        yield from (f"step {step.name!r} is for unknown role {role!r}" for role in sorted(step.roles - ROLES))
    yield from (f"opened by unknown role {role!r}" for role in sorted(_set(workflow.opened_by) - ROLES))
    yield from (f"shown to unknown role {role!r}" for role in sorted(_set(workflow.shown_to) - ROLES))


def _unreachable(workflow: Workflow) -> Iterator[str]:
    onward: dict[str, set[str]] = defaultdict(set)
    for step in workflow.steps:
        for source in step.sources:
            onward[source].add(step.target)
    found = _closure({workflow.initial}, onward)
    lost = [state for state in workflow.states if state not in found]
    yield from (f"state {state!r} cannot be reached from {workflow.initial!r}" for state in lost)


def _endless(workflow: Workflow) -> Iterator[str]:
    backward: dict[str, set[str]] = defaultdict(set)
    for step in workflow.steps:
        backward[step.target] |= step.sources
    found = _closure(workflow.ends, backward)
    stuck = [state for state in workflow.states if state not in found]
    yield from (f"state {state!r} can never reach an end" for state in stuck)


def _past_the_end(workflow: Workflow) -> Iterator[str]:
    for step in workflow.steps:
        if over := sorted(step.sources & workflow.ends):
            yield f"step {step.name!r} leads out of the end {over}"
    if workflow.initial in workflow.ends:
        yield f"initial state {workflow.initial!r} is an end"


def _unopened(workflow: Workflow) -> Iterator[str]:
    if not workflow.openers:
        yield "nobody can open a case: give opened_by, or a step at the sender's side"


def _closure(start: Iterable[str], onward: Mapping[str, set[str]]) -> set[str]:
    found, newest = set(start), set(start)
    while newest:
        newest = {state for known in newest for state in onward.get(known, ())} - found
        found |= newest
    return found


@dataclass(frozen=True)
class Permission:
    """One line of the permission table: who may take which step, from where to where, at which side."""

    step: str
    label: str
    source: str
    target: str
    role: str
    side: Side


def permissions(workflow: Workflow) -> tuple[Permission, ...]:
    """The permission table: one line for every step × source state × role."""
    return tuple(
        Permission(step.name, step.title, source, step.target, role, step.side)
        for step in workflow.steps
        for source in workflow.states
        for role in sorted(step.roles)
        if source in step.sources
    )


def diagram(workflow: Workflow) -> str:
    """The state diagram as Mermaid text, the same for the same declaration."""
    names = [f'    state "{label}" as {state}' for state, label in workflow.states.items()]
    arrows = [
        f"    {source} --> {step.target}: {step.title}"
        for step in workflow.steps
        for source in workflow.states
        if source in step.sources
    ]
    ends = [f"    {state} --> [*]" for state in workflow.states if state in workflow.ends]
    return "\n".join(["stateDiagram-v2", *names, f"    [*] --> {workflow.initial}", *arrows, *ends, ""])
