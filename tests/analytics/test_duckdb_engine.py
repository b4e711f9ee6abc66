"""The DuckDB engine: tables as the dictionary has them, whatever the files lack; days as the county counts them."""

from datetime import UTC, date, datetime

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yigongti.analytics.engines import Aggregate, DuckDBEngine, unbound
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators import as_day

VISIT, EXAM = COUNTY["visit"], COUNTY["exam"]


@pytest.fixture
def engine():
    with DuckDBEngine(threads=1, memory="500MB") as one:
        yield one


def collected(engine, table, source):
    engine.attach([table], sources={table.name: source})
    return engine.collect(unbound([table])[table.name])


def test_a_table_without_files_is_there_and_empty_with_its_types(engine):
    found = collected(engine, VISIT, [])
    assert found.num_rows == 0
    assert found.schema.field("dx").type == pa.list_(pa.string())
    assert found.schema.field("day").type == pa.date32()


def test_a_column_that_a_file_lacks_is_null_and_files_of_different_columns_go_together(engine, tmp_path):
    parts = [tmp_path / "it's one.parquet", tmp_path / "two.parquet"]
    pq.write_table(pa.table({"visit_id": ["a"], "total_fen": pa.array([5], pa.int32())}), parts[0])
    pq.write_table(pa.table({"visit_id": ["b"], "tcm": [True]}), parts[1])
    found = {row["visit_id"]: row for row in collected(engine, VISIT, parts).to_pylist()}
    assert (found["a"]["total_fen"], found["a"]["tcm"], found["b"]["total_fen"], found["b"]["tcm"]) == (
        5,
        None,
        None,
        True,
    )


def test_late_in_the_evening_in_utc_is_the_next_day_in_the_county(engine):
    ordered = pa.table({"exam_id": ["x"], "ordered_at": [datetime(2025, 1, 31, 16, 30, tzinfo=UTC)]})
    engine.attach([EXAM], sources={"exam": ordered})
    exam = unbound([EXAM])["exam"]
    assert engine.collect(exam.select(day=as_day(exam.ordered_at)))["day"].to_pylist() == [date(2025, 2, 1)]


def test_a_defined_table_serves_the_expressions_that_follow(engine):
    engine.attach([VISIT], sources={"visit": pa.table({"visit_id": ["a", "b"]})})
    visit = unbound([VISIT])["visit"]
    engine.define("counted", visit.aggregate(rows=visit.count()))
    counted = ibis.table({"rows": "int64"}, name="counted")
    assert engine.collect(counted).to_pylist() == [{"rows": 2}]


def test_several_groupings_in_one_pass_keep_rows_without_a_group_apart_from_the_total(engine):
    given = {
        "kind": ["p", "q", "q"],
        "department": [None, "r", "r"],
        "total_fen": [1, 2, 2],
        "tcm": [True, False, None],
    }
    engine.attach([VISIT], sources={"visit": pa.table(given)})
    aggregates = [
        Aggregate("n", "count"), Aggregate("s", "sum", "total_fen", "tcm"), Aggregate("d", "distinct", "total_fen")
    ]  # fmt: skip
    groupings = [(), ("kind",), ("department", "kind")]
    total, by_kind, by_both = engine.collect_by(unbound([VISIT])["visit"], aggregates, groupings=groupings)
    assert total.to_pylist() == [{"n": 3, "s": 1, "d": 2}]
    assert sorted(by_kind.to_pylist(), key=str) == [
        {"kind": "p", "n": 1, "s": 1, "d": 1}, {"kind": "q", "n": 2, "s": None, "d": 1},
    ]  # fmt: skip
    assert {(row["department"], row["kind"]) for row in by_both.to_pylist()} == {(None, "p"), ("r", "q")}
