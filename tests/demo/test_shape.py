"""The demo county's files keep every promise of the dictionary of facts."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.demo.made import Made

from yigongti.kernel.facts import COUNTY, FactTable, Kind

TABLES = [pytest.param(table, id=name) for name, table in COUNTY.items()]


def _is_like(found: pa.DataType, wanted: pa.DataType) -> bool:
    return found.equals(wanted) or (pa.types.is_list(found) and pa.types.is_list(wanted))


@pytest.mark.parametrize("table", TABLES)
def test_a_file_has_its_tables_columns_in_order_and_in_kind(county: Made, table: FactTable) -> None:
    schema = county.table(table.name).schema
    assert tuple(schema.names) == table.names
    wrong = [c.name for c in table.columns if not _is_like(schema.field(c.name).type, c.arrow)]
    assert not wrong


@pytest.mark.parametrize("table", TABLES)
def test_a_key_is_there_once(county: Made, table: FactTable) -> None:
    found = county.table(table.name).select(list(table.key))
    assert found.group_by(list(table.key)).aggregate([]).num_rows == found.num_rows


@pytest.mark.parametrize("table", TABLES)
def test_what_must_be_said_is_said(county: Made, table: FactTable) -> None:
    found = county.table(table.name)
    assert [c.name for c in table.columns if not c.null and found[c.name].null_count] == []


def _choice_columns() -> list[object]:
    return [
        pytest.param(table, column, id=f"{name}.{column.name}")
        for name, table in COUNTY.items() for column in table.columns if column.choices
    ]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), _choice_columns())
def test_codes_are_among_their_choices(county: Made, table: FactTable, column: object) -> None:
    values = county.table(table.name)[column.name]
    if pa.types.is_list(values.type):
        values = pc.list_flatten(values)
    assert set(values.drop_null().unique().to_pylist()) <= set(column.choices)


def _references() -> list[object]:
    return [
        pytest.param(name, column.name, column.refers, id=f"{name}.{column.name}")
        for name, table in COUNTY.items() for column in table.columns if column.refers
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "refers"), _references())
def test_references_lead_somewhere(county: Made, name: str, column: str, refers: str) -> None:
    keys = county.table(refers)[COUNTY[refers].key[0]].unique()
    values = county.table(name)[column].drop_null().unique()
    assert values.filter(pc.invert(pc.is_in(values, keys))).to_pylist() == []


@pytest.mark.parametrize("table", TABLES)
def test_parts_sum_to_their_total(county: Made, table: FactTable) -> None:
    for rule in table.sums:
        parts, sign = " + ".join(rule.parts), "=" if rule.exact else "<="
        assert county.number(f"select count(*) from {table.name} where not ({parts} {sign} {rule.total})") == 0


@pytest.mark.parametrize("table", TABLES)
def test_earlier_comes_before_later(county: Made, table: FactTable) -> None:
    for earlier, later in table.orders:
        assert county.number(f"select count(*) from {table.name} where {earlier} > {later}") == 0


def _bounded() -> list[object]:
    return [
        pytest.param(name, column, id=f"{name}.{column.name}")
        for name, table in COUNTY.items() for column in table.columns
        if column.low is not None or column.high is not None
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "column"), _bounded())
def test_values_lie_within_their_bounds(county: Made, name: str, column: object) -> None:
    quote = "'" if column.kind in (Kind.DAY, Kind.INSTANT) else ""
    bounds = [(column.low, "<"), (column.high, ">")]
    outside = [f'"{column.name}" {sign} {quote}{bound}{quote}' for bound, sign in bounds if bound is not None]
    assert county.number(f"select count(*) from {name} where {' or '.join(outside)}") == 0


def test_nothing_has_happened_after_the_period(county: Made) -> None:
    last = county.summary.end
    for name, table in COUNTY.items():
        for column in table.columns:
            if column.kind is Kind.DAY and not column.future:
                assert county.number(f"select count(*) from {name} where {column.name} > '{last}'") == 0, column.name


def test_every_table_that_offices_send_has_rows(county: Made) -> None:
    own = {"contract_item"}  # written by the product itself, from services it saw fall due
    empty = [name for name in COUNTY if name not in own and not county.summary.rows[name]]
    assert empty == []
