"""Several groupings of the same indicators over the same days, each kind of rows scanned once for all of them.

What a county refreshes every day is every indicator for the county, each consortium, zone, town, level and
institution: one by one these would draw and read the same visits six times.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date

import pyarrow as pa

from yigongti.analytics.engines import Engine, Source
from yigongti.analytics.runner.answers import Answers
from yigongti.analytics.runner.grid import grid
from yigongti.analytics.runner.plan import Scan, both_eras, fuse, rows_and_aggregates
from yigongti.analytics.runner.presence import census, presence
from yigongti.analytics.runner.rulings import Book
from yigongti.analytics.runner.run import Asked, Question, answers_of, checked, needs_of, result, scene_of, sorted_out
from yigongti.analytics.runner.stage import Stage, staged
from yigongti.kernel.indicators import MONTH, Era, Indicator, Scene, Tally
from yigongti.kernel.periods import Period

By = tuple[str, ...]


def run_together(
    indicators: Mapping[By, Sequence[Indicator]],
    *,
    tables: Mapping[str, Source],
    period: Period,
    rules: Book,
    engine: Engine,
    known_on: date | None = None,
) -> dict[By, pa.Table]:
    """As `run`, for several groupings at once: grouping → its indicators in, grouping → its table out.

    All groupings are by month, or none is.  Raises Refusal for a group that does not exist.
    """
    if len({MONTH in by for by in indicators}) > 1:
        raise ValueError("groupings by month and others draw different rows")
    questions = {by: Question(period, rules, checked(by), known_on) for by in indicators}
    every = list(dict.fromkeys(each for wanted in indicators.values() for each in wanted))
    groups = tuple(dict.fromkeys(group for by in indicators for group in by))
    stage = staged(every, sources=tables, by=groups, engine=engine)
    answered: dict[By, list[Answers]] = {}
    stretches: dict[Period, dict[By, Asked]] = {}
    for by, wanted in indicators.items():
        answered[by], found = sorted_out(wanted, questions[by])
        for stretch, asked in found.items():
            stretches.setdefault(stretch, {})[by] = asked
    for together in stretches.values():
        for by, answer in _worked_out(together, questions, groups=groups, stage=stage):
            answered[by].append(answer)
    return {by: result(answered[by], wanted, questions[by]) for by, wanted in indicators.items()}


def _worked_out(
    together: Mapping[By, Asked], questions: Mapping[By, Question], *, groups: By, stage: Stage
) -> Iterator[tuple[By, Answers]]:
    """One stretch of days: every scan once, its results laid out grouping by grouping."""
    everything = [each for asked in together.values() for each in asked]
    any_question = Question(everything[0][1].period, next(iter(questions.values())).book, groups)
    eras = both_eras(scene_of(stage, [ruling for _, ruling in everything], any_question))
    indicators = list(dict.fromkeys(indicator for indicator, _ in everything))
    tallies = {by: {tally for each, _ in asked for tally in each.tallies} for by, asked in together.items()}
    laid: dict[By, list[tuple[Scan, pa.Table]]] = {by: [] for by in together}
    for scan in fuse(indicators, by=groups):
        for by, table in _scanned(scan, tallies, eras=eras, stage=stage):
            laid[by].append((scan, table))
    there = presence(stage.engine.collect(census(needs_of(indicators), scenes=eras)))
    for by, asked in together.items():
        for answer in answers_of(asked, questions[by], laid=grid(laid[by], by=by), there=there):
            yield by, answer


def _scanned(
    scan: Scan, tallies: Mapping[By, Set[Tally]], *, eras: Mapping[Era, Scene], stage: Stage
) -> Iterable[tuple[By, pa.Table]]:
    """A scan's results for the groupings of which some tally is the scan's."""
    resting = [by for by, wanted in tallies.items() if not wanted.isdisjoint(scan.tallies)]
    rows, aggregates = rows_and_aggregates(scan, scene=eras[scan.era])
    return zip(resting, stage.engine.collect_by(rows, aggregates, groupings=resting), strict=True)
