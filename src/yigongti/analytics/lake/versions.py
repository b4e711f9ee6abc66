"""The versions that a fact has had: what later files replaced, and what stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from yigongti.analytics.lake import identities
from yigongti.analytics.lake.manifest import earlier, located, paths
from yigongti.analytics.lake.staging import connected, quoted
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.spine.home import home


@dataclass(frozen=True)
class Version:
    """row: the fact's columns; replaced_at, replaced_by: when and by which delivery, None and "" for what stands."""

    row: dict[str, Any]
    replaced_at: datetime | None = None
    replaced_by: str = ""


def history(table: str, key: Sequence[object]) -> list[Version]:
    """All versions of the fact with this key (its columns in order), oldest first, the standing one last.

    An `identity` has no standing version here: it is in the record store.  Raises KeyError on an unknown table.
    """
    facts = COUNTY[table]
    replaced = [str(located(path)) for path in earlier(table).values_list("path", flat=True)]
    versions = [_version(facts, row) for row in _rows(facts, key, replaced, also=("replaced_at", "replaced_by"))]
    versions.sort(key=lambda version: str(version.replaced_at))
    return versions + [Version(row) for row in _rows(facts, key, paths(table))]


def _version(facts: FactTable, row: dict[str, Any]) -> Version:
    at, by = row.pop("replaced_at"), row.pop("replaced_by")
    if facts is identities.TABLE:
        row |= {name: identities.opened(name, row[name]) for name in identities.SECRETS}
    return Version(row, at, by)


def _rows(
    facts: FactTable, key: Sequence[object], files: list[str], *, also: Sequence[str] = ()
) -> list[dict[str, Any]]:
    if not files:
        return []
    wanted = " AND ".join(f'"{name}" = ?' for name in facts.key)
    with connected(home().lake / ".staging") as connection:
        query = f"SELECT {quoted((*facts.names, *also))} FROM read_parquet({files}) WHERE {wanted}"
        found: pa.Table = connection.sql(query, params=list(key)).to_arrow_table()
        return found.to_pylist()
