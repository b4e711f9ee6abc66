"""Engines: where Ibis expressions over the fact tables are worked out.  DuckDB in the process is the first of them."""

from yigongti.analytics.engines.duckdb import DuckDBEngine
from yigongti.analytics.engines.engine import Engine, Source, unbound

__all__ = ["DuckDBEngine", "Engine", "Source", "unbound"]
