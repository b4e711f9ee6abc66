"""From a delivery's sources to staged valid rows and spooled refused ones: reading, checking and staging overlap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps

from yigongti.analytics.lake import identities
from yigongti.analytics.lake.ahead import ahead, mapped
from yigongti.analytics.lake.staging import PLACE, ROW_GROUP, Staging
from yigongti.exchange.files.checking.check import Checked, Known, check
from yigongti.exchange.files.checking.refusing import RefusedRow, refused_rows
from yigongti.exchange.files.checking.rules import Finding
from yigongti.exchange.files.progress import Progress
from yigongti.exchange.files.quarantine.keeping import Spool
from yigongti.exchange.files.reading.offers import ORDER
from yigongti.exchange.files.setting_aside import Aside, Lines, Orphans, Repeats
from yigongti.exchange.files.sources import Delivery, RawBatch, Source
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import COUNTY, FactTable

LOOKS_LIKE_YUAN = 0.1
"""Share of values with decimals from which an amount column without a unit is taken to be in yuan, and refused."""


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

    def refuse(self, table: FactTable, file: str, rows: Iterable[RefusedRow]) -> None:
        """Rows for the quarantine."""
        self.spool.add(table.name, file, self._noting_numbers(rows))

    def _noting_numbers(self, rows: Iterable[RefusedRow]) -> Iterator[RefusedRow]:
        for row in rows:
            if row.number:
                self.refused_again.add(row.number)
            yield row


def gather(delivery: Delivery, gathering: Gathering) -> None:
    """Stage what is valid, spool what is refused, table by table in the dictionary's order."""
    ordered = sorted(delivery.sources, key=lambda source: ORDER[source.table.name])
    for _, group in groupby(ordered, key=lambda source: source.table.name):
        sources = list(group)
        known = known_institutions(gathering.staging)
        for source in sources:
            _gather_source(source, known, gathering)
        _leave(sources, gathering)


def known_institutions(staging: Staging) -> Known:
    """Institutions of the record store, and those that arrive with the same delivery."""
    ids = list(apps.get_model("places.Institution").objects.values_list("pk", flat=True))
    table = COUNTY["institution"]
    if table.name in staging.tables:
        ids += staging.values(table, ("institution_id",)).column(0).to_pylist()
    return Known(pa.array(ids, pa.string()))


def _gather_source(source: Source, known: Known, gathering: Gathering) -> None:
    for rows in _row_groups(_valid(source, known, gathering)):
        gathering.staging.add(source.table, *rows)
    gathering.rows.setdefault((source.table.name, source.file), 0)


def _valid(source: Source, known: Known, gathering: Gathering) -> Iterator[pa.RecordBatch]:
    """The rows to stage; what else there is to say of a batch is noted as it passes."""
    table = source.table
    for checked in _checked(source, known):
        place = (table.name, checked.file)
        gathering.rows[place] = gathering.rows.get(place, 0) + checked.rows
        gathering.numbers.update(checked.numbers)
        gathering.refuse(table, checked.file, checked.refused)
        if checked.valid.num_rows:
            placed = _placed(checked, gathering.number(checked.file))
            yield identities.sealed(placed) if table is identities.TABLE else placed
        gathering.progress.read(size=checked.size, rows=checked.rows)


def _row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches together, as many as fill a row group of the staging: fewer would be copied once more there, at seven
    times the price."""
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if sum(each.num_rows for each in group) >= ROW_GROUP:
            yield group
            group = []
    if group:
        yield group


def _checked(source: Source, known: Known) -> Iterator[Checked]:
    """Batches checked in order, a few ahead of the one that is being staged."""
    return mapped(lambda raw: check(raw, source, known), _with_units(ahead(source.batches()), source))


def _with_units(batches: Iterator[RawBatch], source: Source) -> Iterator[RawBatch]:
    """The batches, refused before anything is made of them where their amounts do not say their unit."""
    for number, raw in enumerate(batches):
        if number == 0:
            _refuse_yuan_without_unit(raw, source)
        yield raw


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


def _leave(sources: Sequence[Source], gathering: Gathering) -> None:
    """Rows that only the whole table shows to be wrong leave the staging for the quarantine."""
    table, staging = sources[0].table, gathering.staging
    if table.name not in staging.tables:
        return
    if repeats := Repeats(staging, table, gathering.files):
        _refuse_again(sources, gathering, repeats)
    if table.name == "institution" and (orphans := Orphans(staging)):
        _refuse_again(sources, gathering, orphans)


def _refuse_again(sources: Sequence[Source], gathering: Gathering, aside: Aside) -> None:
    """Read the sources once more, for the whole cells of rows that have left the staging."""
    for source in sources:
        for raw in source.batches():
            file = raw.file or source.file
            found = _findings(raw, aside.among(gathering.number(file), raw.lines))
            for finding in found:
                gathering.refuse(source.table, file, refused_rows(raw, source.table, [finding], finding.rows))


def _findings(raw: RawBatch, aside: Lines) -> list[Finding]:
    """What is set aside, as findings over the batch."""
    lines = raw.lines.to_pylist() if aside else []
    told = {row: aside[line] for row, line in enumerate(lines) if line in aside}
    columns = {column for column, _ in told.values()}
    return [Finding(column, np.array(list(told)), lambda row: told[row][1]) for column in columns]
