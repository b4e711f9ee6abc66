"""Why a number is what it is: its definition, clause, rules, queries, how many facts, and the rows themselves."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yigongti.analytics.engines import DuckDBEngine, Engine, Source
from yigongti.analytics.runner.plan import Scan, both_eras, expression, fuse
from yigongti.analytics.runner.presence import census
from yigongti.analytics.runner.rulings import Book, Ruling, rulings, target_for
from yigongti.analytics.runner.run import Question, checked, needs_of, run, scene_of
from yigongti.analytics.runner.stage import staged
from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators import MONTH, Indicator, Scene, Tally, drawn, tallies
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

IN_NUMERATOR, IN_DENOMINATOR = "in_numerator", "in_denominator"


@dataclass(frozen=True)
class Explanation:
    """Everything behind one number.

    clause: the document and clause of the definition; rules: the versions that entered; target: that of the
    target; sql: relation → query; facts: fact table → its rows in the period; result: as `run` gives it.
    """

    indicator: Indicator
    period: Period
    clause: str
    rules: tuple[RuleVersion, ...]
    target: RuleVersion | None
    sql: Mapping[str, str]
    facts: Mapping[str, int]
    result: pa.Table


def explain(
    indicator: Indicator,
    *,
    tables: Mapping[str, Source],
    period: Period,
    rules: Book,
    by: Sequence[str] = (),
    known_on: date | None = None,
    engine: Engine | None = None,
) -> Explanation:
    """Work one indicator out and tell all that it rests on.  Arguments as for `run`."""
    question = Question(period, rules, checked(by), known_on)
    found = target_for(indicator, period, book=rules, known_on=known_on)
    with nullcontext(engine) if engine is not None else DuckDBEngine() as at_work:
        result = run([indicator], tables=tables, period=period, rules=rules, by=by, known_on=known_on, engine=at_work)
        stretches = _stretches(indicator, question)
        stage = staged([indicator], sources=tables, by=question.by, engine=at_work)
        scenes = [scene_of(stage, [ruling], question) for ruling in stretches]
        queries = {name: at_work.sql(query) for name, query in stage.descriptions.items()}
        queries |= {name: at_work.sql(query) for scene in scenes for name, query in _queries(indicator, scene)}
        facts = _facts(indicator, scenes, at_work)
    versions = {(each.rule_id, each.key): each for ruling in stretches for each in ruling.versions.values()}
    return Explanation(
        indicator,
        period,
        clause_of(indicator, rules),
        tuple(versions.values()),
        found[1] if found else None,
        queries,
        facts,
        result,
    )


def rows_behind(
    indicator: Indicator,
    *,
    tables: Mapping[str, Source],
    period: Period,
    rules: Book,
    filters: Mapping[str, str] | None = None,
    known_on: date | None = None,
    engine: Engine | None = None,
) -> dict[str, pa.Table]:
    """The rows of a number: relation → table, with `in_numerator` and `in_denominator`.

    filters: group → value (month as 2025-03), to see one institution's or one month's rows.  An indicator that looks
    a year back has the earlier rows under “relation a year before”.
    Raises Refusal for a group that the indicator cannot be broken down by, and where a rule it needs is missing.
    """
    wanted = dict(filters or {})
    question = Question(period, rules, checked(tuple(wanted)), known_on)
    found: dict[str, list[pa.Table]] = {}
    with nullcontext(engine) if engine is not None else DuckDBEngine() as at_work:
        stage = staged([indicator], sources=tables, by=question.by, engine=at_work)
        for ruling in _stretches(indicator, question):
            scene = scene_of(stage, [ruling], question)
            for name, query in _flagged(indicator, scene, wanted):
                found.setdefault(name, []).append(at_work.collect(query))
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


def clause_of(indicator: Indicator, book: Book) -> str:
    """The document and clause that an indicator's definition comes from, as a screen shows them."""
    name, _, clause = indicator.source.partition(" ")
    document = book.documents.get(name)
    if document is None or clause not in document.clauses:
        return indicator.source
    number = f"({document.number})" if document.number else ""
    return f"《{document.title}》{number}{clause} {document.clauses[clause].heading}"


def _stretches(indicator: Indicator, question: Question) -> list[Ruling]:
    lacking = [group for group in question.by if group not in indicator.group_by]
    if lacking:
        raise Refusal(
            f"指标“{indicator.label}”不能按“{'、'.join(lacking)}”细分",
            where=indicator.id,
            why="其分子或分母不属于这样的分组",
            remedy=f"可用的分组:{'、'.join(indicator.group_by)}",
        )
    found = rulings(indicator, question.period, book=question.book, known_on=question.known_on)
    for ruling in found:
        if ruling.why_null:
            raise Refusal(
                f"指标“{indicator.label}”在 {question.period.label} 无法计算:{ruling.why_null}",
                where=indicator.id,
                why="所用规则在期内缺失或变更",
                remedy="请补充规则,或改用规则未变的期间",
            )
    return found


def _queries(indicator: Indicator, scene: Scene) -> Iterator[tuple[str, ir.Table]]:
    eras = both_eras(scene)
    for scan in fuse([indicator], by=scene.by):
        yield f"{_name(scan)} {scene.period.label}", expression(scan, scene=eras[scan.era])


def _facts(indicator: Indicator, scenes: Sequence[Scene], engine: Engine) -> dict[str, int]:
    counts: dict[str, int] = {}
    for scene in scenes:
        needs = needs_of([indicator])
        for row in engine.collect(census(needs, scenes=both_eras(scene))).to_pylist():
            name = row["fact_table"] if row["era"] == "now" else f"{row['fact_table']} a year before"
            counts[name] = counts.get(name, 0) + row["found_rows"]
    return counts


def _flagged(indicator: Indicator, scene: Scene, filters: Mapping[str, str]) -> Iterator[tuple[str, ir.Table]]:
    """The rows of every relation that count at all, each with what it counts for."""
    eras = both_eras(scene)
    above = set(tallies(indicator.numerator))
    below = set(tallies(*(each for each in (indicator.denominator,) if each is not None)))
    for scan in fuse([indicator], by=scene.by):
        there = eras[scan.era]
        table = drawn(scan.relation, seat=scan.seat, scene=there)
        for group, value in filters.items():
            table = table.filter(table[group] == _value(group, value, scan))
        table = table.mutate(
            **{
                IN_NUMERATOR: _counts(table, [each for each in scan.tallies if each in above], there),
                IN_DENOMINATOR: _counts(table, [each for each in scan.tallies if each in below], there),
            }
        )
        yield _name(scan), table.filter(table[IN_NUMERATOR] | table[IN_DENOMINATOR])


def _counts(table: ir.Table, counted: Sequence[Tally], scene: Scene) -> ir.BooleanValue:
    passing = [tally.rows.passing(table, scene) for tally in counted]
    if not passing:
        return ibis.literal(False)
    answers = [ibis.literal(True) if each is None else each.fill_null(False) for each in passing]
    return reduce(or_, answers)


def _value(group: str, value: str, scan: Scan) -> str | date:
    if group != MONTH:
        return value
    first = date.fromisoformat(f"{value}-01")
    return first.replace(year=first.year - 1) if scan.era == "a_year_before" else first


def _name(scan: Scan) -> str:
    return scan.relation.name if scan.era == "now" else f"{scan.relation.name} a year before"
