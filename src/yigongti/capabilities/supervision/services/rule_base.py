"""The rule base in the store: workbooks imported by edition, the limits in force handed to a sweep."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from yigongti.capabilities.supervision.decisions.rule_base import Limit, Sheet, read
from yigongti.capabilities.supervision.facts.tables import LIMIT
from yigongti.capabilities.supervision.models import RuleEdition, RuleLine
from yigongti.capabilities.supervision.workflow import INSPECTORS
from yigongti.kernel.errors import FileRefused, NotAllowed, Refusal
from yigongti.spine.access.scope import SYSTEM_ACTOR, may
from yigongti.spine.audit import trail

LARGEST = 50 << 20
_COLUMNS = tuple(each.name for each in fields(Limit))


@dataclass(frozen=True)
class Imported:
    """What an import came to.  is_new: false where the same file was in force already."""

    title: str
    number: int
    counts: dict[str, int]
    is_new: bool

    @property
    def lines(self) -> int:
        return sum(self.counts.values())


def import_file(path: Path, *, by: Any, at: datetime) -> Imported:
    """Import a workbook from the disk.  Raises as `import_workbook`, and FileRefused where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileRefused("文件读不了", where=str(path), why=str(error), remedy="请核对路径和权限") from error
    return import_workbook(data, name=path.name, by=by, at=at)


@transaction.atomic
def import_workbook(data: bytes, *, name: str, by: Any, at: datetime) -> Imported:
    """Import a workbook as the next edition of its title (its file name); the edition before is retired.

    Raises FileRefused on a file that is no workbook or whose layout is not known; then nothing is changed.
    """
    if by is not SYSTEM_ACTOR and not may(by, INSPECTORS):
        raise NotAllowed("规则库由医保经办或卫生健康局导入", remedy="请转交有权办理的人员")
    limits = list(dict.fromkeys(read(sheets_of(data, name), file=name)))
    if not limits:
        raise FileRefused("工作簿里没有知识点", where=name, remedy="请核对文件")
    title, digest = Path(name).stem, hashlib.sha256(data).hexdigest()
    counts = dict(Counter(limit.kind for limit in limits))
    before = RuleEdition.objects.select_for_update().filter(title=title).order_by("-number").first()
    if before is not None and before.retired_at is None and before.sha256 == digest:
        return Imported(title, before.number, counts, is_new=False)
    RuleEdition.objects.filter(title=title, retired_at__isnull=True).update(retired_at=at)
    edition = RuleEdition.objects.create(
        title=title, number=before.number + 1 if before else 1, sha256=digest, counts=counts, imported_at=at,
        imported_by_id=by.pk,
    )  # fmt: skip
    rows = (RuleLine(edition=edition, **{column: getattr(limit, column) for column in _COLUMNS}) for limit in limits)
    RuleLine.objects.bulk_create(rows, batch_size=2000)
    detail = {"title": title, "number": edition.number, "counts": counts}
    trail.record("import_rule_base", actor=by.username, at=at, subject=f"rule_edition:{edition.pk}", detail=detail)
    return Imported(title, edition.number, counts, is_new=True)


@transaction.atomic
def retire(title: str, *, by: Any, at: datetime) -> None:
    """Take the edition in force of a title out of use.  Raises Refusal where there is none."""
    if not RuleEdition.objects.filter(title=title, retired_at__isnull=True).update(retired_at=at):
        raise Refusal(f"没有在用的规则库“{title}”", remedy="请用 yigongti supervise rules list 查看")
    trail.record("retire_rule_base", actor=by.username, at=at, detail={"title": title})


def in_force() -> list[RuleEdition]:
    """The editions that count now, by title."""
    return list(RuleEdition.objects.filter(retired_at__isnull=True).order_by("title"))


def limits_in_force() -> pa.Table:
    """Every limit of the editions in force, with the columns of `fund_limit`."""
    rows = RuleLine.objects.filter(edition__retired_at__isnull=True).order_by("pk").values("pk", *_COLUMNS)
    return _table({"limit_id": str(row.pop("pk")), **row} for row in rows.iterator())


def table_of(limits: Iterable[Limit]) -> pa.Table:
    """Limits that are not in the store, with the columns of `fund_limit`."""
    return _table({"limit_id": str(place), **asdict(limit)} for place, limit in enumerate(limits))


def _table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    schema = pa.schema([field.with_nullable(True) for field in LIMIT.schema])
    return pa.Table.from_pylist(list(rows), schema=schema)


def sheets_of(data: bytes, name: str) -> Iterator[Sheet]:
    """The sheets of a workbook as text, empty ones left out.  Raises FileRefused where it is none."""
    if len(data) > LARGEST:
        raise FileRefused(f"文件有 {len(data) >> 20} MB", where=name, why=f"规则库工作簿不超过 {LARGEST >> 20} MB")
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        grids = [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in book.sheet_names]
    except (CalamineError, ValueError) as error:
        raise FileRefused("不是 Excel 工作簿", where=name, why=str(error), remedy="请使用 .xlsx 原件") from error
    for sheet, grid in grids:
        rows = [[_text(cell) for cell in row] for row in grid]
        if any(any(row) for row in rows):
            yield Sheet(sheet, rows[0], rows[1:])


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
