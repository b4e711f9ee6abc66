"""From a delivery's sources to staged valid rows and spooled refused ones: reading, checking and staging overlap."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps

from yigongti.analytics.lake.staging import PLACE, Repeat, Staging
from yigongti.exchange.files.checking import words
from yigongti.exchange.files.checking.check import Checked, Known, Problem, RefusedRow, check, refused_row
from yigongti.exchange.files.checking.words import Why
from yigongti.exchange.files.progress import Progress
from yigongti.exchange.files.quarantine.keeping import Spool
from yigongti.exchange.files.reading.offers import ORDER
from yigongti.exchange.files.sources import Delivery, RawBatch, Source
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import COUNTY, FactTable

WORKERS, AHEAD = 2, 4
LOOKS_LIKE_YUAN = 0.1
"""Share of values with decimals from which an amount column without a unit is taken to be in yuan, and refused."""
Place = tuple[int, int]


@dataclass
class Gathering:
    """A delivery on its way: files by number, rows counted by (table, file), and which quarantined rows its rows
    were to mend (`numbers`), of which some were refused again."""

    staging: Staging
    spool: Spool
    progress: Progress
    files: list[str] = field(default_factory=list)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    refused_again: set[int] = field(default_factory=set)

    def number(self, file: str) -> int:
        if file not in self.files:
            self.files.append(file)
        return self.files.index(file)

    def refuse(self, table: FactTable, file: str, rows: Sequence[RefusedRow]) -> None:
        """Rows for the quarantine."""
        self.spool.add(table.name, file, rows)
        self.refused_again.update(row.number for row in rows if row.number)


def gather(delivery: Delivery, gathering: Gathering) -> None:
    """Stage what is valid, spool what is refused, table by table in the dictionary's order."""
    ordered = sorted(delivery.sources, key=lambda source: ORDER[source.table.name])
    for _, group in groupby(ordered, key=lambda source: source.table.name):
        sources = list(group)
        known = known_institutions(gathering.staging)
        for source in sources:
            _gather_source(source, known, gathering)
        _set_aside_over_the_whole(sources, gathering)


def known_institutions(staging: Staging) -> Known:
    """Institutions of the record store, and those that arrive with the same delivery."""
    ids = list(apps.get_model("places.Institution").objects.values_list("pk", flat=True))
    table = COUNTY["institution"]
    if table.name in staging.tables:
        ids += staging.values(table, ("institution_id",)).column(0).to_pylist()
    return Known(pa.array(ids, pa.string()))


def _gather_source(source: Source, known: Known, gathering: Gathering) -> None:
    table = source.table
    for checked in _checked(source, known):
        place = (table.name, checked.file)
        gathering.rows[place] = gathering.rows.get(place, 0) + checked.rows
        gathering.numbers.update(checked.numbers)
        gathering.refuse(table, checked.file, checked.refused)
        if checked.valid.num_rows:
            gathering.staging.add(table, _placed(checked, gathering.number(checked.file)))
        gathering.progress.read(size=checked.size, rows=checked.rows)
    gathering.rows.setdefault((table.name, source.file), 0)


def _checked(source: Source, known: Known) -> Iterator[Checked]:
    """Batches checked in order, a few ahead of the one that is being staged."""
    waiting: deque[Future[Checked]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for number, raw in enumerate(source.batches()):
            if number == 0:
                _refuse_yuan_without_unit(raw, source)
            waiting.append(pool.submit(copy_context().run, check, raw, source, known))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _placed(checked: Checked, file: int) -> pa.RecordBatch:
    size = checked.valid.num_rows
    places = [pa.array([file], pa.int32()).take(pa.array([0] * size, pa.int32())), checked.lines.cast(pa.int64())]
    names = [*checked.valid.schema.names, *(field.name for field in PLACE)]
    return pa.RecordBatch.from_arrays([*checked.valid.columns, *places], names=names)


def _refuse_yuan_without_unit(raw: RawBatch, source: Source) -> None:
    """“总费用” says neither fen nor yuan.  Fen is the dictionary's unit; values with decimals say yuan: ask."""
    for name in source.unitless:
        text = raw.columns[name].cast(pa.string())
        decimals = pc.sum(pc.match_substring_regex(text, r"\.\d")).as_py() or 0
        if decimals > LOOKS_LIKE_YUAN * max(1, raw.rows):
            label = source.table[name].label
            raise FileRefused(
                f"“{label}”这一列没有写单位,而数值带小数,像是以元计",
                where=f"{source.file} 的表头",
                why="不写单位的金额列按分计,猜错会差一百倍",
                remedy=f"请把表头改为“{label}(元)”或“{label}(分)”",
            )


def _set_aside_over_the_whole(sources: Sequence[Source], gathering: Gathering) -> None:
    """What only the whole table shows: repeated keys, and institutions whose parent is nowhere."""
    table = sources[0].table
    if table.name not in gathering.staging.tables:
        return
    repeats = {(r.file, r.line): r for r in gathering.staging.set_aside_repeats(table)}
    if repeats:
        _spool_again(sources, gathering, {place: _repeat_words(table, r, gathering) for place, r in repeats.items()})
    if table.name == "institution":
        orphans = _orphans(gathering.staging)
        gathering.staging.set_aside(table, list(orphans))
        _spool_again(sources, gathering, orphans)


def _repeat_words(table: FactTable, repeat: Repeat, gathering: Gathering) -> tuple[str, Why]:
    place = f"第 {repeat.first_line} 行"
    if repeat.first_file != repeat.file:
        place = f" {gathering.files[repeat.first_file]} {place}"
    return table.key[0], words.repeated(table, place)


def _orphans(staging: Staging) -> dict[Place, tuple[str, Why]]:
    """Staged institutions whose parent is neither in the store nor validly in the file, to any depth."""
    table = COUNTY["institution"]
    stored = set(apps.get_model("places.Institution").objects.values_list("pk", flat=True))
    rows = staging.values(table, ("institution_id", "parent_id", "_file", "_line")).to_pylist()
    orphans: dict[Place, tuple[str, Why]] = {}
    while True:
        known = stored | {row["institution_id"] for row in rows}
        lost = [row for row in rows if row["parent_id"] is not None and row["parent_id"] not in known]
        if not lost:
            return orphans
        why = words.unknown_institution(table["parent_id"])
        orphans |= {(row["_file"], row["_line"]): ("parent_id", why) for row in lost}
        rows = [row for row in rows if (row["_file"], row["_line"]) not in orphans]


def _spool_again(sources: Sequence[Source], gathering: Gathering, places: dict[Place, tuple[str, Why]]) -> None:
    """Read the sources once more for the whole cells of rows that were staged and have to leave."""
    lines = pa.array(sorted({line for _, line in places}), pa.int64())
    for source in sources if places else ():
        for raw in source.batches():
            file = raw.file or source.file
            number = gathering.number(file)
            for row in pc.indices_nonzero(pc.is_in(raw.lines, value_set=lines)).to_pylist():
                if found := places.get((number, raw.lines[row].as_py())):
                    refused = refused_row(raw, source.table, row, (_problem(raw, row, *found),))
                    gathering.refuse(source.table, file, [refused])


def _problem(raw: RawBatch, row: int, column: str, why: Why) -> Problem:
    value = raw.columns[column][row].as_py() if column in raw.columns else ""
    return Problem(column, str(value), why.reason, why.remedy, why.rule)
