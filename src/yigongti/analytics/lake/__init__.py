"""The lake: Parquet by fact table and month under the data directory, with its manifest in the record store.

Readers: `paths`, `facts_as_of`, `row_counts`, `history`.  Live facts: `append`.  Housekeeping: `compact`, `sweep`.
Loads bring whole files by `staging.Staging` and `deposit.deposit`.
"""

from yigongti.analytics.lake.manifest import facts_as_of, paths, row_counts

__all__ = ["append", "compact", "facts_as_of", "history", "paths", "row_counts", "sweep"]

_LATER = {"append": "appending", "compact": "housekeeping", "history": "versions", "sweep": "housekeeping"}


def __getattr__(name: str) -> object:
    """Models cannot be imported while Django still gathers its apps, so what needs them is imported on first use."""
    if name not in _LATER:
        raise AttributeError(f"{__name__} has no {name}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
