"""Engines: where Ibis expressions over the fact tables are worked out.  DuckDB in the process is the first of them."""

from yigongti.analytics.engines.duckdb import DuckDBEngine
from yigongti.analytics.engines.engine import Aggregate, Engine, Source, unbound

__all__ = ["Aggregate", "DuckDBEngine", "Engine", "Source", "unbound"]
