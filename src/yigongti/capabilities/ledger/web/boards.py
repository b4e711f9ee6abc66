"""The board, the calendar, what is overdue, and what a unit owes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.decisions.lights import Light
from yigongti.capabilities.ledger.selectors import tasks
from yigongti.capabilities.ledger.selectors.tasks import TaskRow
from yigongti.capabilities.ledger.selectors.wording import TONES, light_label
from yigongti.capabilities.ledger.workflow import POLICY_TASK
from yigongti.kernel import clock
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.county_rules import county_rules

SOON = "ledger.due_soon_within"
LATE, SOON_DUE, ENDED = "late", "soon", "ended"
"""What the board may be narrowed to beside the states of a task."""


@dataclass(frozen=True)
class Group:
    """Some rows of the board under one heading; link: where the heading leads ("" nowhere); about: what tells it from
    others of the same name."""

    heading: str
    rows: Sequence[TaskRow]
    link: str = ""
    about: str = ""

    @property
    def tally(self) -> list[tuple[str, str, int, str]]:
        return tally(self.rows)


def board(request: HttpRequest) -> HttpResponseBase:
    """Every task with its light, grouped by document, unit or deadline, filtered by the address."""
    user: Any = request.user
    every = tasks.tasks(user).order_by("clause__document", "clause__place")
    wanted = {name: request.GET.get(name, "") for name in ("by", "document", "unit", "state", "light", "q")}
    listed = [row for row in tasks.rows(_narrowed(every, wanted, user), on=clock.today()) if _holds(row, wanted["q"])]
    found = [row for row in listed if wanted["light"] in ("", row.light)]
    choices = every.order_by("clause__document__title").values_list("clause__document", "clause__document__title")
    return answer(
        request,
        "ledger/board.html",
        _export_table(found),
        groups=_GROUPINGS.get(wanted["by"], _by_document)(found),
        wanted=wanted,
        pressing=_pressing(user),
        tally=tally(listed),
        tally_of=urlencode({name: value for name, value in wanted.items() if value and name != "light"}),
        count=len(found),
        documents=list(choices.distinct()),
        units=[name for name, _count in tasks.units(user)],
        states=[(LATE, _("已逾期")), (SOON_DUE, _("快到期")), *_states(), (ENDED, _("已结束"))],
        lights=[(light.value, light_label(light)) for light in Light],
        is_empty=not every.exists(),
    )


def calendar(request: HttpRequest) -> HttpResponseBase:
    """A year of deadlines: those of targets and those of next steps, month by month and day by day."""
    user: Any = request.user
    found = tasks.rows(tasks.open_tasks(user), on=clock.today())
    asked, today = request.GET.get("year", ""), clock.today()
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    days: dict[date, dict[str, list[TaskRow]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        for day, kind in _days(row):
            days[day][kind].append(row)
    context = {
        "year": year,
        "years": sorted({year, today.year, *(day.year for day in days)}),
        "months": [_month(date(year, month, 1), days) for month in range(1, 13)],
        "today": today,
        "count": sum(day.year == year for day in days),
    }
    return render(request, "ledger/calendar.html", context)


@dataclass(frozen=True)
class Month:
    """A month of the calendar.  days: day, what is due on it, and the tasks, worst first."""

    first: date
    days: Sequence[tuple[date, str, Sequence[TaskRow]]]

    @property
    def count(self) -> int:
        return sum(len(rows) for _day, _kind, rows in self.days)

    @property
    def tone(self) -> str:
        lights = {row.light for _day, _kind, rows in self.days for row in rows}
        return next((TONES[light] for light in Light if light in lights), "none")


def _month(first: date, days: Mapping[date, Mapping[str, list[TaskRow]]]) -> Month:
    here = sorted(day for day in days if (day.year, day.month) == (first.year, first.month))
    return Month(first, [(day, kind, _worst_first(rows)) for day in here for kind, rows in days[day].items()])


def _worst_first(found: Iterable[TaskRow]) -> list[TaskRow]:
    order = list(Light)
    return sorted(found, key=lambda row: (order.index(row.light), row.title))


def overdue(request: HttpRequest) -> HttpResponseBase:
    """What is overdue: the day of the targets has passed, or that of the next step."""
    user: Any = request.user
    found = tasks.rows(tasks.overdue(user, on=clock.today()), on=clock.today())
    table = Table(
        "overdue",
        (
            *_columns(),
            Column("late", _("逾期天数"), value=_days_late, unit="", tone=lambda row: "bad"),
        ),
        found,
        sort="-late",
        empty=_("没有逾期的任务。"),
    )
    return answer(request, "ledger/overdue.html", table)


def unit(request: HttpRequest) -> HttpResponseBase:
    """What one unit owes: by default one's own."""
    user: Any = request.user
    known = tasks.units(user)
    own = tasks.own_units(user, [name for name, _count in known])
    chosen = request.GET.get("unit", "") or next(iter(own), next((name for name, _count in known), ""))
    found = tasks.rows(tasks.of_unit(tasks.tasks(user), chosen).order_by("due_on", "title"), on=clock.today())
    going = [row for row in found if row.is_open]
    context = {
        "chosen": chosen,
        "units": known,
        "own": own,
        "sections": _owed(going),
        "tally": tally(going),
        "tally_of": urlencode({"unit": chosen}),
        "count": len(going),
        "ended": [row for row in found if not row.is_open],
    }
    return render(request, "ledger/unit.html", context)


def tally(found: Iterable[TaskRow]) -> list[tuple[str, str, int, str]]:
    """Tone, its words, how many rows have it and the light, worst first."""
    counts = Counter(row.light for row in found)
    return [(TONES[light], light_label(light), counts[light], light.value) for light in Light if counts[light]]


def task_address(row: TaskRow) -> str:
    """The page of a task."""
    return reverse("policy_task", args=[row.task.pk])


def _owed(going: Sequence[TaskRow]) -> list[Group]:
    """What is late, what is due soon, what is red all the same, and the rest."""
    left, soon_until = list(going), _soon_until()
    late = [row for row in left if row.is_overdue or row.is_late]
    left = [row for row in left if row not in late]
    soon = [row for row in left if row.due_on and row.due_on <= soon_until]
    left = [row for row in left if row not in soon]
    red = [row for row in left if row.light is Light.RED]
    rest = [row for row in left if row not in red]
    named = ((_("已逾期"), late), (_("快到期"), soon), (_("进度落后"), red), (_("其他在办"), rest))
    return [Group(heading, rows) for heading, rows in named if rows]


def _soon_until() -> date:
    return county_rules().find(SOON, on=clock.today()).after(clock.today())


def _pressing(user: Any) -> list[tuple[str, int, str]]:
    """What presses: words, how many tasks, and the state that the board is narrowed to."""
    today = clock.today()
    counted = (
        (_("已逾期"), tasks.overdue(user, on=today).count(), LATE),
        (_("快到期"), tasks.due_soon(user, on=today, until=_soon_until()).count(), SOON_DUE),
        (_("等待核查"), tasks.open_tasks(user).filter(state="reported").count(), "reported"),
    )
    return [each for each in counted if each[1]]


def _narrowed(every: Any, wanted: Mapping[str, str], user: Any) -> Any:
    if wanted["document"]:
        every = every.filter(clause__document=wanted["document"])
    if wanted["unit"]:
        every = tasks.of_unit(every, wanted["unit"])
    today, state = clock.today(), wanted["state"]
    if state == LATE:
        return every.filter(pk__in=tasks.overdue(user, on=today).order_by().values("pk"))
    if state == SOON_DUE:
        return every.filter(pk__in=tasks.due_soon(user, on=today, until=_soon_until()).order_by().values("pk"))
    if state in POLICY_TASK.states:
        return every.filter(state=state)
    return every.filter(closed_at__isnull=state != ENDED)


def _holds(row: TaskRow, words: str) -> bool:
    return words.strip() in f"{row.title}{row.task.clause.text}{''.join(unit.name for unit in row.units)}"


def _by_document(found: Sequence[TaskRow]) -> list[Group]:
    grouped: dict[str, list[TaskRow]] = defaultdict(list)
    for row in found:
        grouped[row.document.pk].append(row)
    return [
        Group(rows[0].document.title, rows, reverse("policy_document", args=[key]), rows[0].document.number)
        for key, rows in grouped.items()
    ]


def _by_unit(found: Sequence[TaskRow]) -> list[Group]:
    grouped: dict[str, list[TaskRow]] = defaultdict(list)
    for row in found:
        for name in row.leads or [""]:
            grouped[name].append(row)
    ordered = sorted(grouped.items(), key=lambda item: (not item[0], -_reds(item[1]), -len(item[1])))
    return [_of_unit(name, _worst_first(rows)) for name, rows in ordered]


def _of_unit(name: str, rows: Sequence[TaskRow]) -> Group:
    if not name:
        return Group(_("未写明责任单位"), rows)
    return Group(name, rows, f"{reverse('ledger_unit')}?{urlencode({'unit': name})}")


def _reds(found: Iterable[TaskRow]) -> int:
    return sum(row.light is Light.RED for row in found)


def _by_due(found: Sequence[TaskRow]) -> list[Group]:
    grouped: dict[str, list[TaskRow]] = defaultdict(list)
    for row in sorted(found, key=lambda each: each.due_on or date.max):
        grouped[str(row.due_on.year) if row.due_on else _("未写期限")].append(row)
    return [Group(year, rows) for year, rows in grouped.items()]


_GROUPINGS = {"document": _by_document, "unit": _by_unit, "due": _by_due}


def _states() -> list[tuple[str, str]]:
    return [(state, _(label)) for state, label in POLICY_TASK.states.items() if not POLICY_TASK.is_final(state)]


def _days(row: TaskRow) -> list[tuple[date, str]]:
    found = [(row.due_on, _("目标期限")), (row.step_due_on, _("下一步办理"))]
    return [(day, kind) for day, kind in found if day is not None]


def _days_late(row: TaskRow) -> int:
    days = [day for day, _kind in _days(row) if day < row.on]
    return max(((row.on - day).days for day in days), default=0)


def _columns() -> tuple[Column, ...]:
    return (
        Column("title", _("任务"), link=task_address),
        Column("document", _("文件"), value=lambda row: row.document.title),
        Column("leads", _("责任单位"), value=lambda row: "、".join(row.leads)),
        Column("light", _("灯"), value=lambda row: row.light_label, tone=lambda row: row.tone),
        Column("state", _("状态"), value=lambda row: row.state_label),
        Column("due_on", _("完成期限")),
        Column("step_due_on", _("下一步应办")),
    )


def _export_table(found: Sequence[TaskRow]) -> Table:
    measured = Column(
        "targets",
        _("目标与实测"),
        value=lambda row: ";".join(f"{each.target.phrase} {each.wanted} → {each.why}" for each in row.figures),
    )
    return Table("tasks", (*_columns(), measured), found)
