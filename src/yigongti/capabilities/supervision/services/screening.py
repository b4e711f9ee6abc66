"""One sweep over the county's facts by many detectors, without touching the store.

Charges are read twice by columns, month group by month group, into the small tables that all charge detectors share;
stays, visits, exams and prescriptions are read by the engine as the detectors ask.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.analytics.engines import DuckDBEngine, Source, unbound
from yigongti.capabilities.supervision.decisions.detector import HIT, Detector, Sight
from yigongti.capabilities.supervision.facts import charges
from yigongti.capabilities.supervision.facts.tables import DOCTOR_DAY, ITEM_PRICE, LIMIT, STAY_GROUP, SUSPECT
from yigongti.capabilities.supervision.services.evidence import evidence_of
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook, Rules

OWN = {table.name: table for table in (LIMIT, SUSPECT, DOCTOR_DAY, ITEM_PRICE, STAY_GROUP)}
READS = ("charge", "visit", "stay", "exam", "prescription_line", "death", "resident", "institution", "staff")
"""The county's fact tables that a sweep reads."""
LINES_AT_ONCE = 6_000_000
"""Charge lines of the months that are staged together."""
MEMORY = "5GB"


@dataclass(frozen=True)
class Found:
    """What a detector found: its hits, and the versions of the rules it used."""

    detector: Detector
    hits: pa.Table
    rules: Mapping[str, str]


@dataclass(frozen=True)
class Screened:
    """All that a sweep found; evidence: row name → the row as it was."""

    period: Period
    found: Sequence[Found]
    evidence: Mapping[str, dict[str, object]]
    lines: int


def screen(
    detectors: Iterable[Detector], *, period: Period, sources: Mapping[str, Source], book: RuleBook, limits: pa.Table,
    threads: int | None = None,
) -> Screened:  # fmt: skip
    """Work the detectors out over the facts.  limits: rows of LIMIT, the rule base in force; sources: those of READS,
    and the stays in their groups (`grouping.with_groups`), without which like is compared by disease alone.

    Rules are those in force on the period's last day.  Raises PolicyError where one has no value on that day.
    """
    chosen, rules = list(detectors), Rules(book, period.end)
    with DuckDBEngine(threads=threads, memory=MEMORY) as engine:
        tables = {name: COUNTY[name] for name in READS if name != "charge"}
        engine.attach(tables.values(), sources=sources)
        engine.attach([LIMIT], sources={LIMIT.name: limits})
        engine.attach([STAY_GROUP], sources=sources)
        staged, lines = _stage(engine, sources.get("charge", ()), period=period, rules=rules)
        engine.attach([SUSPECT, DOCTOR_DAY, ITEM_PRICE], sources=staged)
        seen = unbound([*tables.values(), *OWN.values()])
        found = [_work_out(engine, each, Sight(seen, period), rules) for each in chosen]
        return Screened(period, found, evidence_of(engine, [each.hits for each in found]), lines)


def _work_out(engine: DuckDBEngine, detector: Detector, sight: Sight, rules: Rules) -> Found:
    own = {name: rules[rule_id] for name, rule_id in detector.parameters.items()}
    sight = Sight(sight.tables, sight.period, own)
    hits = engine.collect(detector.find(sight))
    if detector.judge is not None:
        hits = detector.judge(hits, sight)
    hits = hits.select(HIT.names).cast(HIT).sort_by("subject")
    return Found(detector, hits, {version.rule_id: version.key for version in own.values()})


def _stage(engine: DuckDBEngine, source: Source, *, period: Period, rules: Rules) -> tuple[dict[str, pa.Table], int]:
    """The small tables that stand for the charges, and how many lines were read."""
    groups = list(_at_once(source, period))
    if not groups:
        return {table.name: _joined([], table) for table in (SUSPECT, DOCTOR_DAY, ITEM_PRICE)}, 0
    engine.attach([COUNTY["charge"]], sources={"charge": _whole(groups)})
    engine.define("watched", charges.watched(unbound([LIMIT])[LIMIT.name]))
    prices = _items(engine, rules)
    suspects, days = [], []
    most = float(rules["supervision.volume.visits_per_doctor"].number)
    for group, _count in groups:
        engine.attach([COUNTY["charge"]], sources={"charge": group})
        suspects.append(_suspects(engine, period=period, rules=rules))
        days.append(engine.collect(charges.doctor_days(_CHARGE, period=period, most=most)))
    return {
        SUSPECT.name: _joined(suspects, SUSPECT),
        DOCTOR_DAY.name: _joined(days, DOCTOR_DAY),
        ITEM_PRICE.name: _joined([prices], ITEM_PRICE),
    }, sum(count for _group, count in groups)


def _items(engine: DuckDBEngine, rules: Rules) -> pa.Table:
    """Note the names that stray from an item's own (`misnamed`); returns what the fund pays for a piece of each."""
    names = _kept(engine, "item_names", charges.item_names(_CHARGE))
    share, least = rules["supervision.swap.dominant_share"], rules["supervision.swap.least_lines"]
    wrong = charges.misnamed(names, dominant_share=float(share.number), least_lines=int(least.number))
    engine.define("misnamed", wrong)
    return engine.collect(charges.item_prices(names))


def _suspects(engine: DuckDBEngine, *, period: Period, rules: Rules) -> pa.Table:
    """The lines worth a look among the charges now attached."""
    daily = {name: float(most) for name, most in rules["supervision.repeat.daily_quantity"].table.items()}
    lines = charges.lines(_CHARGE, _WATCHED, _MISNAMED, period=period, daily=daily)
    repeatable = [each.first for each in rules["supervision.repeat.categories"].codes.ranges]
    crowd = _kept(engine, "crowd", charges.crowded(lines, repeatable=repeatable))
    mains = _kept(engine, "with_main", charges.with_main(lines))
    return engine.collect(charges.suspects(lines, crowd, mains, _DEATH))


def _kept(engine: DuckDBEngine, name: str, expression: ir.Table) -> ir.Table:
    """Work an expression out once and go on with its rows."""
    engine.define(name, expression)
    return ibis.table(expression.schema(), name=name)


_CHARGE, _DEATH = unbound([COUNTY["charge"]])["charge"], unbound([COUNTY["death"]])["death"]
_WATCHED = ibis.table(charges.watched(unbound([LIMIT])[LIMIT.name]).schema(), name="watched")
_MISNAMED = ibis.table({"item_code": "string", "item_name": "string", "own_name": "string"}, name="misnamed")


def _joined(parts: list[pa.Table], table: FactTable) -> pa.Table:
    schema = pa.schema([each.with_nullable(True) for each in table.schema])
    return pa.concat_tables([part.select(schema.names).cast(schema) for part in parts] or [schema.empty_table()])


def _at_once(source: Source, period: Period) -> Iterator[tuple[Source, int]]:
    """The charge files by whole months (a day's lines lie in one month), as many months together as fit."""
    if isinstance(source, pa.Table):
        if source.num_rows:
            yield source, source.num_rows
        return
    together: list[Path] = []
    lines = 0
    for month, files in groupby(sorted(map(Path, source)), key=lambda path: path.parent.name):
        parts = list(files) if charges.within(period, month) else []
        rows = sum(pq.read_metadata(path).num_rows for path in parts)
        if together and lines + rows > LINES_AT_ONCE:
            yield together, lines
            together, lines = [], 0
        together, lines = together + parts, lines + rows
    if together:
        yield together, lines


def _whole(groups: Sequence[tuple[Source, int]]) -> Source:
    first = groups[0][0] if groups else []
    return first if isinstance(first, pa.Table) else [path for group, _ in groups for path in group]
