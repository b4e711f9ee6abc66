"""Where targets stand: each with its indicator's measured value, the line expected of it, and its light."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.capabilities.ledger.decisions.dues import due_day
from yigongti.capabilities.ledger.decisions.lights import Aim, Light, Measured, Standing, stand, worst
from yigongti.capabilities.ledger.decisions.terms import direction, terms_of
from yigongti.capabilities.ledger.models import Target
from yigongti.capabilities.ledger.selectors.wording import TONES, indicator_label, light_label, wanted, why_label
from yigongti.capabilities.measure.api import Course, courses
from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.periods import month_end
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import RuleVersion
from yigongti.pages.charts import Tone
from yigongti.spine.county_rules import county_rules

MARGIN = "ledger.amber_margin"
TOLERANCE = "measure.about_tolerance"


@dataclass(frozen=True)
class Figure:
    """One target with what was measured for it."""

    target: Target
    aim: Aim | None
    course: Course | None
    standing: Standing

    @property
    def light(self) -> Light:
        return self.standing.light

    @property
    def tone(self) -> Tone:
        return TONES[self.light]

    @property
    def label(self) -> str:
        return light_label(self.light)

    @property
    def why(self) -> str:
        return why_label(self.standing, unit=self.unit)

    @property
    def wanted(self) -> str:
        return wanted(self.target)

    @property
    def indicator(self) -> Indicator | None:
        return REGISTRY.indicators.get(self.target.indicator)

    @property
    def indicator_label(self) -> str:
        return indicator_label(self.target.indicator) if self.target.indicator else ""

    @property
    def unit(self) -> str:
        return self.indicator.unit if self.indicator else ""

    @property
    def value(self) -> float | None:
        return self.course.number.value if self.course else None

    @property
    def measured_on(self) -> date | None:
        return self.course.number.period_end if self.course else None


def figures(targets: Iterable[Target], *, on: date, run_id: str = "") -> list[Figure]:
    """The figures of some targets on a day, from the everyday results or the run given; three queries at most."""
    rows = list(targets)
    known = courses({row.indicator for row in rows if row.indicator}, run_id=run_id)
    rules = county_rules()
    margin, about = rules.find(MARGIN, on=on), rules.find(TOLERANCE, on=on).number
    return [_figure(row, known.get(row.indicator), on=on, margin=margin, about=about) for row in rows]


def by_clause(found: Iterable[Figure]) -> Mapping[str, list[Figure]]:
    """Figures by the id of their clause."""
    grouped: dict[str, list[Figure]] = {}
    for figure in found:
        grouped.setdefault(figure.target.clause_id, []).append(figure)
    return grouped


def light_of(found: Sequence[Figure]) -> Light:
    """The light of a task: the worst of its measured targets."""
    return worst(figure.standing for figure in found)


def aim_of(target: Target, *, about: float) -> Aim | None:
    """What a target wants in the unit of its indicator; None where none is bound, or the units do not agree."""
    indicator = REGISTRY.indicators.get(target.indicator)
    if indicator is None:
        return None
    try:
        terms = terms_of(target.value, target.unit, upper=target.upper, per=target.per, phrase=target.phrase)
    except Refusal:
        return None
    if terms.unit != indicator.unit:
        return None
    return Aim(
        float(terms.value),
        direction(target.comparator, better=indicator.better, unit=target.unit),
        due=due_day(target.due),
        strict=target.comparator in (">", "<"),
        upper=None if terms.upper is None else float(terms.upper),
        tolerance=about if target.comparator == "~" else 0.0,
    )


def _figure(target: Target, course: Course | None, *, on: date, margin: RuleVersion, about: float) -> Figure:
    aim = aim_of(target, about=about)
    measured = _measured(target, course) if course else None
    return Figure(target, aim, course, stand(aim, measured, on=on, margin=margin))


def _measured(target: Target, course: Course) -> Measured | None:
    number = course.number
    if number.value is None:
        return None
    start_on, start_value = start_of(target, course)
    return Measured(number.value, number.period_end, start_value, start_on)


def start_of(target: Target, course: Course) -> tuple[date | None, float | None]:
    """Where the line begins: as a person set it, else the first month measured; a sum over the period has none."""
    if target.baseline is not None:
        return target.baseline_on, target.baseline
    if course.number.denominator is None:
        return None, None
    first = next(((month, value) for month, value in course.months if value is not None), None)
    if first is None:
        return None, None
    year, month = map(int, first[0].split("-"))
    return month_end(date(year, month, 1)), first[1]
