"""Quarantined rows done with by people: which they may settle, and taking them away to be mended."""

import tempfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.files.quarantine.mending import export_rows
from yigongti.exchange.files.quarantine.settling import settle_numbers
from yigongti.exchange.web.permits import permits_of
from yigongti.spine.audit import trail


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    name: str
    content: bytes
    kind: str


def may_settle(user: Any, rows: "QuerySet[QuarantinedRow]") -> "QuerySet[QuarantinedRow]":
    """Those of the rows that are open and of tables that the user may load."""
    tables = frozenset().union(*(permit.tables for permit in permits_of(user)))
    return rows.filter(state=QuarantinedRow.OPEN, table__in=sorted(tables))


def settle(rows: "QuerySet[QuarantinedRow]", *, decision: str, why: str, by: Any) -> int:
    """Settle rows (as `may_settle` gives them) as discarded or mended elsewhere; audited; returns how many."""
    numbers = list(rows.values_list("pk", flat=True))
    tables = list(rows.order_by().values_list("table", flat=True).distinct())
    count = settle_numbers(tables, numbers, state=decision, why=why, by=by.username)
    if count:
        detail = {"decision": decision, "why": why, "rows": numbers}
        trail.record("settle_quarantined_rows", actor=by.username, detail=detail)
    return count


def to_mend(rows: "QuerySet[QuarantinedRow]", *, by: Any) -> Download:
    """The rows as a CSV to mend and load again (a ZIP where they came under different headers); audited.

    Raises Refusal where there are none.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = export_rows(rows, to=Path(folder))
        made = _csv(paths[0]) if len(paths) == 1 else _zip(paths)
    trail.record("export_quarantined_rows", actor=by.username, detail={"rows": rows.count(), "file": made.name})
    return made


def _csv(path: Path) -> Download:
    return Download(path.name, path.read_bytes(), "text/csv; charset=utf-8")


def _zip(paths: list[Path]) -> Download:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return Download("quarantine.zip", content.getvalue(), "application/zip")
