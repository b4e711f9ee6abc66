"""Tasks as people look for them: by document, unit, deadline and light, each with its targets measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.decisions.lights import Light
from yigongti.capabilities.ledger.decisions.origins import is_department_of
from yigongti.capabilities.ledger.models import ClauseUnit, Part, PolicyDocument, PolicyTask, Target, Verdict
from yigongti.capabilities.ledger.selectors.standings import Figure, by_clause, figures, light_of
from yigongti.capabilities.ledger.selectors.wording import TONES, light_label
from yigongti.capabilities.ledger.workflow import POLICY_TASK
from yigongti.pages.charts import Tone
from yigongti.spine.access.rows import scoped
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.places.models import Institution


@dataclass(frozen=True)
class TaskRow:
    """A task on a board: its units, what was measured for its targets, and its light on the day `on`."""

    task: PolicyTask
    figures: Sequence[Figure]
    on: date

    @property
    def light(self) -> Light:
        return light_of(self.figures)

    @property
    def tone(self) -> Tone:
        return TONES[self.light]

    @property
    def light_label(self) -> str:
        return light_label(self.light)

    @property
    def document(self) -> PolicyDocument:
        document: PolicyDocument = self.task.clause.document
        return document

    @property
    def title(self) -> str:
        return self.task.title

    @property
    def state_label(self) -> str:
        return _(POLICY_TASK.states[self.task.state])

    @property
    def leads(self) -> list[str]:
        """Who answers: the leading units, else those responsible; the institution where it was given to one."""
        if self.task.counterpart_id:
            return [self.task.counterpart.name]
        units = list(self.task.clause.units.all())
        leading = [unit.name for unit in units if unit.part == Part.LEAD]
        return leading or [unit.name for unit in units if unit.part == Part.RESPONSIBLE]

    @property
    def units(self) -> list[ClauseUnit]:
        return list(self.task.clause.units.all())

    @property
    def due_on(self) -> date | None:
        return self.task.due_on

    @property
    def is_open(self) -> bool:
        return self.task.closed_at is None

    @property
    def is_overdue(self) -> bool:
        """Past the day its targets are due, and not closed."""
        return self.is_open and self.due_on is not None and self.due_on < self.on

    @property
    def step_due_on(self) -> date | None:
        """By when the next step is due."""
        return self.task.due_at.date() if self.task.due_at else None

    @property
    def is_late(self) -> bool:
        """The next step is overdue."""
        return self.is_open and self.step_due_on is not None and self.step_due_on < self.on

    @property
    def measured(self) -> int:
        return sum(figure.light is not Light.GREY for figure in self.figures)


def tasks(user: Any) -> QuerySet[PolicyTask]:
    """The tasks that somebody may see: of the whole county, or those given to their institutions."""
    related = ("clause__document", "counterpart")
    return scoped(PolicyTask.objects.all(), user).select_related(*related).prefetch_related("clause__units")


def task_or_404(user: Any, key: str) -> PolicyTask:
    """One task.  Raises Http404 where there is none that the user may see."""
    found: PolicyTask | None = tasks(user).filter(pk=key).first()
    if found is None:
        raise Http404("no task inside the user's scope")
    return found


def rows(found: Iterable[PolicyTask], *, on: date, run_id: str = "") -> list[TaskRow]:
    """Tasks with their lights; six queries at most, however many tasks."""
    listed = list(found)
    confirmed = (
        Target.objects.filter(clause__in={task.clause_id for task in listed}, verdict=Verdict.CONFIRMED)
        .select_related("clause__document")
        .order_by("clause", "place")
    )
    known = by_clause(figures(confirmed, on=on, run_id=run_id))
    return [TaskRow(task, known.get(task.clause_id, []), on) for task in listed]


def open_tasks(user: Any) -> QuerySet[PolicyTask]:
    """The tasks that are not ended."""
    return tasks(user).filter(OPEN).order_by("due_on", "clause__document", "clause__place")


def overdue(user: Any, *, on: date) -> QuerySet[PolicyTask]:
    """The open tasks whose day, or whose next step's day, has passed."""
    return open_tasks(user).filter(Q(due_on__lt=on) | Q(due_at__date__lt=on))


def due_soon(user: Any, *, on: date, until: date) -> QuerySet[PolicyTask]:
    """The open tasks whose day comes from today until another day."""
    return open_tasks(user).filter(due_on__range=(on, until))


def of_unit(found: QuerySet[PolicyTask], unit: str) -> QuerySet[PolicyTask]:
    """The tasks for which a unit answers in any part, and those given to the institution of that name."""
    named = ClauseUnit.objects.filter(clause=OuterRef("clause"), name=unit)
    return found.filter(Exists(named) | Q(counterpart__name=unit))


def units(user: Any) -> list[tuple[str, int]]:
    """Every unit and every institution with how many open tasks it answers for, the most first."""
    going = open_tasks(user).order_by()
    named = ClauseUnit.objects.filter(clause__in=going.values("clause")).values_list("name")
    given = going.filter(counterpart__isnull=False).values_list("counterpart__name")
    counted = [*named.order_by("name").annotate(Count("pk")), *given.annotate(Count("pk"))]
    return sorted(counted, key=lambda each: (-each[1], each[0]))


def own_units(user: Any, known: Iterable[str]) -> list[str]:
    """The units that are somebody's own: their institutions, and the departments that their roles stand for."""
    scope = scope_of(user)
    here = set(Institution.objects.filter(pk__in=scope.institution_ids).values_list("name", flat=True))
    return [unit for unit in known if unit in here or any(is_department_of(unit, role) for role in scope.roles)]


def services_done(task: PolicyTask) -> list[tuple[str, int, int]]:
    """For every workflow that counts as progress: its id, cases closed since the task began, and cases open."""
    cases = Case.objects.filter(workflow__in=task.services)
    counted: Mapping[str, Mapping[str, int]] = {
        row["workflow"]: row
        for row in cases.values("workflow").annotate(
            done=Count("pk", filter=Q(closed_at__gte=task.opened_at)), going=Count("pk", filter=OPEN)
        )
    }
    none = {"done": 0, "going": 0}
    return [(name, counted.get(name, none)["done"], counted.get(name, none)["going"]) for name in task.services]
