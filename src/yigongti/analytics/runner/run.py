"""Run indicators: from declarations, fact tables, a period and a book of rules to one Arrow table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from yigongti import __version__
from yigongti.analytics.engines import DuckDBEngine, Engine, Source
from yigongti.analytics.runner.answers import Answers, answers, unanswered
from yigongti.analytics.runner.grid import Grid, grid
from yigongti.analytics.runner.outcome import table_of
from yigongti.analytics.runner.plan import both_eras, expression, fuse
from yigongti.analytics.runner.presence import Presence, census, presence
from yigongti.analytics.runner.rulings import Book, Ruling, rulings, target_for
from yigongti.analytics.runner.stage import Stage, staged
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import FactTable
from yigongti.kernel.indicators import GROUPS, Era, Indicator, Scene
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion


@dataclass(frozen=True)
class Question:
    """What is asked of every indicator: over which days, by which groups, by which book as known on which day."""

    period: Period
    book: Book
    by: tuple[str, ...] = ()
    known_on: date | None = None


def run(
    indicators: Iterable[Indicator],
    *,
    tables: Mapping[str, Source],
    period: Period,
    rules: Book,
    by: Sequence[str] = (),
    known_on: date | None = None,
    engine: Engine | None = None,
    code_version: str = __version__,
) -> pa.Table:
    """Work indicators out; the columns are those of `outcome.schema(by)`.

    tables: fact table → its Parquet files or an Arrow table; by: groups, in the order of the columns;
    known_on: use rules as they were known on that day.  A group without any fact of an indicator gets no row; an
    indicator that cannot be broken down as asked gets one row whose why_null names the group.
    Raises Refusal for a group that does not exist.
    """
    question = Question(period, rules, checked(by), known_on)
    return _table(list(indicators), question, tables=tables, engine=engine, code_version=code_version)


def run_apart(
    indicators: Iterable[Indicator], *, column: str, tables: Mapping[str, Source], period: Period, rules: Book
) -> pa.Table:
    """As `run`, but by a text column that the rows themselves carry and that is no group of the county: a team.

    Every indicator must name the column in its `group_by`, and every relation it counts must draw it.
    """
    return _table(list(indicators), Question(period, rules, (column,)), tables=tables)


def _table(
    wanted: Sequence[Indicator],
    question: Question,
    *,
    tables: Mapping[str, Source],
    engine: Engine | None = None,
    code_version: str = __version__,
) -> pa.Table:
    with nullcontext(engine) if engine is not None else DuckDBEngine() as at_work:
        stage = staged(wanted, sources=tables, by=question.by, engine=at_work)
        answered = list(_answered(wanted, question, stage))
    return result(answered, wanted, question, code_version=code_version)


def result(
    answered: list[Answers], wanted: Sequence[Indicator], question: Question, *, code_version: str = __version__
) -> pa.Table:
    """The answers as a table, in the order of the indicators and of time."""
    order = {indicator.id: place for place, indicator in enumerate(wanted)}
    answered.sort(key=lambda each: (order[each.indicator.id], each.period))
    return table_of(answered, by=question.by, code_version=code_version)


def scene_of(stage: Stage, ruled: Iterable[Ruling], question: Question) -> Scene:
    """The scene of one stretch: its tables, its days, and every rule version that holds in it."""
    stretches: set[Period] = set()
    versions: dict[str, RuleVersion] = {}
    for ruling in ruled:
        stretches.add(ruling.period)
        versions.update(ruling.versions)
    (stretch,) = stretches
    return Scene(stage.tables, stretch, question.by, versions)


def checked(by: Sequence[str]) -> tuple[str, ...]:
    """Groups as asked for.  Raises Refusal for one that does not exist or comes twice."""
    unknown = [group for group in by if group not in GROUPS]
    if unknown or len(set(by)) != len(by):
        raise Refusal(
            f"不能按“{'、'.join(unknown) or '重复的分组'}”分组",
            where=f"--by {','.join(by)}",
            remedy=f"可用的分组(每个一次):{'、'.join(GROUPS)}",
        )
    return tuple(by)


def _answered(wanted: Sequence[Indicator], question: Question, stage: Stage) -> Iterator[Answers]:
    """Answers of all indicators, those of one stretch of days worked out together."""
    nulls, stretches = sorted_out(wanted, question)
    yield from nulls
    for asked in stretches.values():
        yield from _worked_out(asked, question, stage)


Asked = list[tuple[Indicator, Ruling]]


def sorted_out(wanted: Sequence[Indicator], question: Question) -> tuple[list[Answers], dict[Period, Asked]]:
    """The indicators that have no number whatever the facts; the others by the stretch of days they are asked for."""
    nulls: list[Answers] = []
    stretches: dict[Period, Asked] = {}
    for indicator in wanted:
        for ruling in _rulings(indicator, question):
            if ruling.why_null:
                nulls.append(_null(indicator, ruling, question))
            else:
                stretches.setdefault(ruling.period, []).append((indicator, ruling))
    return nulls, stretches


def _rulings(indicator: Indicator, question: Question) -> list[Ruling]:
    lacking = [group for group in question.by if group not in indicator.group_by]
    if lacking:
        return [Ruling(question.period, why_null=f"group_not_supported:{','.join(lacking)}")]
    return rulings(indicator, question.period, book=question.book, known_on=question.known_on)


def _null(indicator: Indicator, ruling: Ruling, question: Question) -> Answers:
    return unanswered(indicator, ruling.period, by=question.by, why=ruling.why_null, versions=ruling.versions)


def _worked_out(asked: Asked, question: Question, stage: Stage) -> Iterator[Answers]:
    """One stretch: fuse, scan, lay out, and answer indicator by indicator."""
    indicators = [indicator for indicator, _ in asked]
    eras = both_eras(scene_of(stage, [ruling for _, ruling in asked], question))
    scans = fuse(indicators, by=question.by)
    laid = grid(
        ((scan, stage.engine.collect(expression(scan, scene=eras[scan.era]))) for scan in scans), by=question.by
    )
    there = presence(stage.engine.collect(census(needs_of(indicators), scenes=eras)))
    return answers_of(asked, question, laid=laid, there=there)


def answers_of(asked: Asked, question: Question, *, laid: Grid, there: Presence) -> Iterator[Answers]:
    """Indicator by indicator, from what the scans found."""
    for indicator, ruling in asked:
        target = target_for(indicator, ruling.period, book=question.book, known_on=question.known_on)
        versions = {**ruling.versions, **({target[1].rule_id: target[1]} if target else {})}
        yield answers(
            indicator,
            ruling.period,
            grid=laid,
            presence=there,
            versions=versions,
            target=target[0] if target else None,
        )


def needs_of(indicators: Iterable[Indicator]) -> list[tuple[FactTable, Era]]:
    """Every fact table that must have rows, in the period or in that a year before."""
    tallies = (tally for indicator in indicators for tally in indicator.tallies)
    return list(
        {(table.name, tally.era): (table, tally.era) for tally in tallies for table in tally.rows.needs}.values()
    )
