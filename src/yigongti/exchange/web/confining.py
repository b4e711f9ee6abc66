"""Readers that keep a file to what its loader may bring: other tables, and other people's institutions, refuse it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.exchange.files.reading.readers import READERS
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, Reader, Source
from yigongti.exchange.web.permits import Permit, institutions_named, not_permitted, permit_for
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import FactTable
from yigongti.spine.places.models import Institution


def readers_for(user: Any) -> list[Reader]:
    """The readers of `load`, confined to what the user may load."""
    return [ConfinedReader(reader, user) for reader in READERS]


@dataclass(frozen=True)
class ConfinedReader:
    """A reader whose deliveries are looked at before and while they are read."""

    reader: Reader
    user: Any

    def claims(self, path: Path) -> bool:
        return self.reader.claims(path)

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        offers = self.reader.offers(paths)
        return [replace(offer, open=partial(_opened, offer, user=self.user)) for offer in offers]


def _opened(offer: Offer, *, user: Any) -> Delivery:
    delivery = offer.open()
    return replace(delivery, sources=tuple(_confined(source, user=user) for source in delivery.sources))


def _confined(source: Source, *, user: Any) -> Source:
    permit = permit_for(user, source.table.name)
    if permit is None:
        return ConfinedSource(source, permitted=False)
    return source if permit.institutions is None else ConfinedSource(source, outside=_outside(permit))


def _outside(permit: Permit) -> pa.Array:
    """The institutions that the permit leaves out; an unknown one is no matter of permits, but of the quarantine."""
    others = Institution.objects.exclude(pk__in=sorted(permit.institutions or ()))
    return pa.array(others.values_list("pk", flat=True), pa.string())


@dataclass(frozen=True)
class ConfinedSource:
    """A source that may hold no rows at all (not permitted: an empty sheet of a workbook does no harm), or rows that
    each name an institution that is not `outside`, in one of its columns."""

    source: Source
    outside: pa.Array | None = None
    permitted: bool = True

    @property
    def table(self) -> FactTable:
        return self.source.table

    @property
    def file(self) -> str:
        return self.source.file

    @property
    def yuan(self) -> frozenset[str]:
        return self.source.yuan

    @property
    def unknown(self) -> frozenset[str]:
        return self.source.unknown

    @property
    def unitless(self) -> frozenset[str]:
        return self.source.unitless

    def batches(self) -> Iterator[RawBatch]:
        """Raises NotAllowed or FileRefused at the first row that may not be loaded."""
        for batch in self.source.batches():
            self._check(batch)
            yield batch

    def _check(self, batch: RawBatch) -> None:
        if not self.permitted and (batch.rows or batch.unreadable):
            raise not_permitted(self.table)
        if self.outside is not None:
            self._check_institutions(batch)

    def _check_institutions(self, batch: RawBatch) -> None:
        named = [batch.columns[name] for name in institutions_named(self.table) if name in batch.columns]
        foreign = [pc.is_in(_trimmed(column), value_set=self.outside) for column in named]
        for row in pc.indices_nonzero(_all(foreign)).to_pylist() if foreign else ():
            raise FileRefused(
                f"文件里有不在您管辖范围内的机构“{named[0][row].as_py()}”",
                where=f"{Path(batch.file or self.file).name} 第 {batch.lines[row].as_py()} 行",
                why="机构管理者只能装载本机构及其管辖机构的数据;整份文件没有装载",
                remedy="请删去其他机构的行,或交由卫生健康局装载",
            )


def _trimmed(column: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(column.cast(pa.string()))


def _all(flags: Sequence[pa.Array]) -> pa.Array:
    found = flags[0]
    for flag in flags[1:]:
        found = pc.and_(found, flag)
    return found
