"""The half-year or annual report of a document: every clause with its state, figures, evidence and reasons."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.decisions.lights import Light
from yigongti.capabilities.ledger.models import Clause, Evidence, PolicyDocument, PolicyTask, Target, Verdict
from yigongti.capabilities.ledger.selectors.documents import clauses_of
from yigongti.capabilities.ledger.selectors.standings import Figure, by_clause, figures, light_of
from yigongti.capabilities.ledger.selectors.tasks import tasks
from yigongti.capabilities.ledger.selectors.wording import TONES, light_label
from yigongti.capabilities.ledger.workflow import OUTCOMES, POLICY_TASK
from yigongti.capabilities.measure.api import run_of
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME, day_of
from yigongti.kernel.periods import Period
from yigongti.pages.charts import Tone
from yigongti.pages.numbers import shown
from yigongti.spine.cases.models import CaseEvent

_TOLD = {"report": "progress", "check": "opinion", "send_back": "reason", "close": "reason", "carry_over": "reason",
         "withdraw": "reason", "start": "plan"}  # fmt: skip


@dataclass(frozen=True)
class FigureLine:
    """One target: what is asked, by when, what was measured and when, its light and why."""

    phrase: str
    wanted: str
    due: str
    value: str
    measured_on: str
    light: str
    tone: Tone
    why: str


@dataclass(frozen=True)
class Told:
    """One thing that was done and said in the period, with the names of its papers."""

    day: date
    step: str
    text: str
    papers: Sequence[str]


@dataclass(frozen=True)
class ClauseLine:
    """One clause as of the end of the period; state "" where it is no task."""

    number: str
    heading: str
    units: str
    state: str
    light: str
    tone: Tone
    figures: Sequence[FigureLine]
    told: Sequence[Told]


@dataclass(frozen=True)
class Report:
    """What the page, the DOCX and the PDF show; the words are in the reader's language."""

    title: str
    number: str
    issuer: str
    period: str
    as_of: date
    source: str
    tally: Sequence[tuple[str, int]]
    states: Sequence[tuple[str, int]]
    clauses: Sequence[ClauseLine]

    @property
    def pressing(self) -> Sequence[tuple[str, FigureLine]]:
        """What is red, then what is amber: the clause, and its target."""
        behind = [(f"{line.number} {line.heading}", each) for line in self.clauses for each in line.figures]
        return [(clause, each) for tone in ("bad", "warn") for clause, each in behind if each.tone == tone]

    @property
    def heading(self) -> str:
        return _("《%(title)s》落实情况报告(%(period)s)") % {"title": self.title, "period": self.period}


def report(document: PolicyDocument, period: Period, *, user: Any) -> Report:
    """The report of a document over a period, of the tasks that the user may see.

    Figures come from the half-year or annual run of exactly the period where there is one, else from the everyday
    results, and the report says which.
    """
    as_of = min(period.end, clock.today())
    run_id = run_of(period)
    clauses = [clause for clause in clauses_of(document) if clause.is_task or clause.targets.exists()]
    confirmed = Target.objects.filter(clause__document=document, verdict=Verdict.CONFIRMED).order_by("place")
    known = by_clause(figures(confirmed, on=as_of, run_id=run_id))
    found = {task.clause_id: task for task in tasks(user).filter(clause__document=document).order_by("opened_at")}
    events, papers = _events(list(found.values()), as_of), _papers(list(found.values()))
    happened = {clause: events.get(task.pk, []) for clause, task in found.items()}
    lines = [_clause(clause, known.get(clause.pk, []), happened.get(clause.pk, []), papers) for clause in clauses]
    return Report(
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        period=period.label,
        as_of=as_of,
        source=_("%(period)s 评价批次") % {"period": period.label} if run_id else _("最近一次日常计算"),
        tally=_tally(lines),
        states=list(Counter(line.state for line in lines if line.state).items()),
        clauses=lines,
    )


def _events(found: Sequence[PolicyTask], as_of: date) -> Mapping[str, list[CaseEvent]]:
    end = datetime.combine(as_of, time.max, tzinfo=COUNTY_TIME)
    events = CaseEvent.objects.filter(case__in=[task.pk for task in found], at__lte=end).order_by("case", "version")
    grouped: dict[str, list[CaseEvent]] = defaultdict(list)
    for event in events:
        grouped[event.case_id].append(event)
    return grouped


def _papers(found: Sequence[PolicyTask]) -> Mapping[str, list[str]]:
    """The names of the papers that came with a request."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for request_id, name in Evidence.objects.filter(task__in=found).order_by("pk").values_list("request_id", "name"):
        grouped[request_id].append(name)
    return grouped


def _clause(
    clause: Clause, found: Sequence[Figure], happened: Sequence[CaseEvent], papers: Mapping[str, Sequence[str]]
) -> ClauseLine:
    light = light_of(found)
    return ClauseLine(
        number=clause.number,
        heading=clause.heading or clause.text[:40],
        units="、".join(f"{unit.name}({_(unit.get_part_display())})" for unit in clause.units.all()),
        state=_(POLICY_TASK.states[happened[-1].to_state]) if happened else "",
        light=light_label(light),
        tone=TONES[light],
        figures=[_figure(each) for each in found],
        told=[_told(event, papers) for event in happened if event.step in _TOLD],
    )


def _figure(figure: Figure) -> FigureLine:
    measured_on = figure.measured_on if figure.value is not None else None
    return FigureLine(
        phrase=figure.target.phrase,
        wanted=figure.wanted,
        due=figure.target.due,
        value=shown(figure.value, unit=figure.unit),
        measured_on=measured_on.isoformat() if measured_on else "",
        light=figure.label,
        tone=figure.tone,
        why=figure.why,
    )


def _told(event: CaseEvent, papers: Mapping[str, Sequence[str]]) -> Told:
    text = str(event.data.get(_TOLD[event.step], ""))
    if outcome := event.data.get("outcome"):
        text = f"{_(OUTCOMES[outcome])}:{text}"
    return Told(day_of(event.at), _(POLICY_TASK.labelled(event.step)), text, papers.get(event.request_id, ()))


def _tally(lines: Sequence[ClauseLine]) -> list[tuple[str, int]]:
    counts = Counter(line.light for line in lines if line.state or line.figures)
    return [(light_label(light), counts[light_label(light)]) for light in Light if counts[light_label(light)]]
