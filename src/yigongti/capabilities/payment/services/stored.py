"""The store's own stays, for the commands and pages that otherwise read files: the county's, by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts.county import COUNTY


@dataclass(frozen=True)
class Institutions:
    """The county's own institutions: name and level by id."""

    table: pa.Table

    @cached_property
    def levels(self) -> Mapping[str, str]:
        return self._by_id("level")

    @cached_property
    def names(self) -> Mapping[str, str]:
        return self._by_id("name")

    def _by_id(self, column: str) -> dict[str, str]:
        pairs = zip(self.table["institution_id"].to_pylist(), self.table[column].to_pylist(), strict=True)
        return dict(pairs)


def stored_institutions() -> Institutions:
    """The institutions in the county; empty where none was loaded."""
    table = _rows("institution")
    return Institutions(table.filter(pc.fill_null(table["in_county"], True)))


def stored_stays(*, years: range | None = None, columns: Sequence[str] = ()) -> pa.Table:
    """The stays discharged from the county's institutions, with the columns of the fact table (all, where none is
    named); years: of discharge.

    Empty where none was loaded.  Care outside the county is nobody's here to group, score or compare.
    """
    wanted = dict.fromkeys(("institution_id", "discharged_on", *columns)) if columns else ()
    stays, here = _rows("stay", tuple(wanted)), stored_institutions().table["institution_id"].combine_chunks()
    counts = pc.is_in(stays["institution_id"], value_set=here)
    if years is not None:
        year = pc.year(stays["discharged_on"])
        counts = pc.and_(counts, pc.and_(pc.greater_equal(year, years.start), pc.less(year, years.stop)))
    return stays.filter(counts)


def some_stays(*, years: range | None = None) -> pa.Table:
    """The same, for a command: Refusal where there is no stay."""
    stays = stored_stays(years=years)
    if not len(stays):
        when = "" if years is None else f" {'、'.join(map(str, years))} 年的"
        raise Refusal(
            f"数据库里没有{when}住院", "stay", remedy="先用 yigongti load 装载 stay 和 institution,或写明文件"
        )
    return stays


def _rows(table: str, columns: Sequence[str] = ()) -> pa.Table:
    from yigongti.analytics import lake

    wanted = [column for column in COUNTY[table].columns if not columns or column.name in columns]
    schema = pa.schema([(column.name, column.arrow) for column in wanted])
    parts = [pq.read_table(path, columns=schema.names).cast(schema) for path in lake.paths(table)]
    return pa.concat_tables(parts) if parts else schema.empty_table()
