"""The lake: Parquet by fact table and month under the data directory, with its manifest in the record store.

Readers: `paths`, `facts_as_of`, `row_counts`, `history`.  Writers: `Staging` and `deposit` (a load's valid rows into
store and lake in one transaction), `append` (live facts), `compact` and `sweep` (housekeeping).
"""

from yigongti.analytics.lake.manifest import facts_as_of, paths, row_counts

__all__ = ["facts_as_of", "paths", "row_counts"]
