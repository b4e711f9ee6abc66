"""The scans belong to no engine: every one of them can be written in DuckDB's SQL and in Spark's."""

import ibis
import pytest

from yigongti.analytics.engines import DuckDBEngine
from yigongti.analytics.runner.plan import both_eras, expression, fuse
from yigongti.analytics.runner.rulings import rulings
from yigongti.analytics.runner.stage import staged
from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.kernel.indicators import Scene
from yigongti.kernel.periods import parse
from yigongti.kernel.rules import RuleBook

BOOK, YEAR = RuleBook.load(), parse("2025")
SPARK_SQL = "databricks"
"""ibis's dialect of Spark SQL that compiles without Spark being installed."""


def scans(by):
    able = [each for each in INDICATORS.values() if set(by) <= set(each.group_by)]
    versions = {key: version for each in able for key, version in rulings(each, YEAR, book=BOOK)[0].versions.items()}
    with DuckDBEngine(threads=1) as engine:
        stage = staged(able, sources={}, by=by, engine=engine)
    eras = both_eras(Scene(stage.tables, YEAR, by, versions))
    return [*stage.descriptions.values(), *(expression(scan, scene=eras[scan.era]) for scan in fuse(able, by=by))]


@pytest.mark.parametrize("by", [(), ("month", "consortium"), ("institution",)])
def test_every_scan_is_written_in_both_dialects(by):
    for each in scans(by):
        for dialect in ("duckdb", SPARK_SQL):
            assert "SELECT" in ibis.to_sql(each, dialect=dialect)


def test_visits_are_scanned_once_for_all_their_indicators_where_nothing_is_grouped_by_place():
    names = [(scan.relation.name, scan.era) for scan in fuse(INDICATORS.values(), by=("month",))]
    assert names.count(("visit", "now")) == 1
    assert len(names) == len(set(names))
