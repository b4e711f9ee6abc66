"""Finding tables among the paragraphs: rows with tabs or pipes, and tables flattened to a cell a line.

A table needs its header: without one nobody can tell a baseline from a target, so they stay unread, with a note.
"""

import re
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading.markers import BOX
from yigongti.capabilities.ledger.reading.paragraphs import CELL, Paragraph
from yigongti.capabilities.ledger.reading.passage import Span, squeeze

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("serial", r"^(?:序号|编号|NO\.?|No\.?)$"),
        (
            "name",
            r"^(?:主要|核心|具体|监测|评价|考核|发展|工作|目标|[一二三]级|健康|指标)*(?:指标|指标名称|指标内容|项目名称|目标名称|指标项目|项目|名称|指标\(单位\)|指标名称\(单位\))$",
        ),
        ("unit", r"^(?:计量|指标)?单位$"),
        ("units", r"^(?:责任|牵头|负责|配合|协办|主管|实施|主责|参与)(?:责任)?(?:单位|部门|处室|科室)(?:\(.*\))?$"),
        ("time", r"^(?:完成|时限|办结|实施)?(?:时限|时间|期限|时间节点|完成时限|进度|进度安排|时间要求|时限要求)$"),
        (
            "task",
            r"^(?:重点|主要|具体|工作|改革|建设|目标)*(?:任务|内容|举措|措施|事项|任务内容|工作内容|任务分解|工作要求|任务措施|目标要求|任务要求|具体要求|目标任务)$",
        ),
        ("attribute", r"^(?:指标|目标)?(?:属性|性质|类型|导向|备注|说明|数据来源|来源|计算方法|指标说明|解释)$"),
        ("category", r"^(?:指标)?(?:类别|领域|分类|维度|方面|项目类别|板块)$"),
        ("change", r"年均|累计|增速|增长|增幅|降幅|变化"),
        ("base", r"现状|基期|基线|基准|基础|完成值|实际|现值|初值|初期|完成情况|当前"),
        ("target", r"目标|规划值|预期值|期末|任务值|标准值|^(?:到|至)?20\d\d年?(?:底|末)?(?:\(.*\))?$"),
    )
)
_YEAR = re.compile(r"20\d\d")
_ATTRIBUTE = re.compile(r"^(?:预期性|约束性|导向性|指导性|引导性|预期|约束|正向|负向|逆向)$")
_NUMERIC = re.compile(r"\d")
LONGEST_CELL = 60


@dataclass(frozen=True)
class Column:
    """One column of a header.  kind: what it holds; year: the one it is for; unit: one said in the header."""

    kind: str
    year: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Table:
    """Header and cells.  rows: for a table with rows; flat: for one with a cell a line; caption: the words above it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Span, ...], ...] = ()
    flat: tuple[Span, ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class TableParagraph(Paragraph):
    """A whole table in the place of its lines; `table` is null where it has no header."""

    table: Table | None = None


def gather_tables(paragraphs: list[Paragraph], source: str) -> list[Paragraph]:
    """The paragraphs with the lines of each table put together to one."""
    gathered: list[Paragraph] = []
    at = 0
    while at < len(paragraphs):
        caption = gathered[-1].text if gathered else ""
        table, length = _rows_at(paragraphs, at, source, caption)
        if not length:
            table, length = _flat_at(paragraphs, at, source, caption)
        if length:
            span = (paragraphs[at].start, paragraphs[at + length - 1].end)
            gathered.append(TableParagraph((span,), "", table=table))
        else:
            gathered.append(paragraphs[at])
        at += max(1, length)
    return gathered


def column_of(text: str) -> Column | None:
    """What a header cell announces; null when it is no header cell."""
    text = re.sub(r"^\*+|\*+$", "", text)
    if len(text) > 20:
        return None
    year = _YEAR.search(text)
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return Column(kind, year.group() if year else None, text)
    return None


def _rows_at(paragraphs: list[Paragraph], at: int, source: str, caption: str) -> tuple[Table | None, int]:
    rows: list[tuple[Span, ...]] = []
    while at + len(rows) < len(paragraphs) and len(paragraphs[at + len(rows)].row) >= 2:
        rows.append(paragraphs[at + len(rows)].row)
    if len(rows) < 2:
        return None, 0
    for index, row in enumerate(rows[:3]):
        columns = tuple(column_of(squeeze(source[start:end])) or Column("other") for start, end in row)
        if _is_header(columns):
            return Table(columns, tuple(rows[index + 1 :]), caption=caption), len(rows)
    ruled = any(mark in source[rows[0][0][0] : rows[0][-1][1]] for mark in (CELL, "|"))
    return None, len(rows) if ruled else 0


def _is_header(columns: tuple[Column, ...]) -> bool:
    kinds = {column.kind for column in columns}
    return ("name" in kinds and bool(kinds & {"target", "base"})) or (
        "task" in kinds and bool(kinds & {"units", "time"})
    )


def _flat_at(paragraphs: list[Paragraph], at: int, source: str, caption: str) -> tuple[Table | None, int]:
    header: list[Column] = []
    for paragraph in paragraphs[at : at + 14]:
        column = column_of(paragraph.text) if len(paragraph.text) <= 20 and not paragraph.row else None
        if column is None or (column.kind == header[-1].kind == "name" if header else False):
            break
        header.append(column)
    kinds = [column.kind for column in header]
    if _is_header(tuple(header)) and kinds[0] == "serial" and "task" in kinds:
        return _task_rows(paragraphs, at + len(header), tuple(header), caption)
    if "name" not in kinds or not ({"target", "base"} & set(kinds)) or len(header) < 3:
        return _headerless(paragraphs, at)
    cells = _cells_after(paragraphs, at + len(header))
    if len(cells) < 2:
        return None, 0
    table = Table(tuple(header), flat=tuple(cells), caption=caption)
    return table, len(header) + len(cells)


def _task_rows(
    paragraphs: list[Paragraph], at: int, header: tuple[Column, ...], caption: str
) -> tuple[Table | None, int]:
    """The rows of a task table with a cell a line: each begins with its serial number, the next of the one before."""
    starts: list[int] = []
    for index in range(at, len(paragraphs)):
        if paragraphs[index].text == str(len(starts) + 1) and (not starts or index - starts[-1] >= len(header) // 2):
            starts.append(index)
    if not starts or starts[0] != at:
        return None, 0
    stops = [*starts[1:], min(starts[-1] + len(header), len(paragraphs))]
    rows = tuple(
        _row_of([(p.start, p.end) for p in paragraphs[start:stop]], header)
        for start, stop in zip(starts, stops, strict=True)
    )
    return Table(header, rows, caption=caption), len(header) + stops[-1] - at


def _row_of(cells: list[Span], header: tuple[Column, ...]) -> tuple[Span, ...]:
    """The cells of a row as many as the header's: a task of several lines is one cell, what is missing is empty."""
    task = max(at for at, column in enumerate(header) if column.kind == "task")
    extra = len(cells) - len(header)
    if extra > 0:
        cells[task : task + extra + 1] = [(cells[task][0], cells[task + extra][1])]
    return tuple(cells + [(cells[-1][1], cells[-1][1])] * -extra)


def _cells_after(paragraphs: list[Paragraph], at: int) -> list[Span]:
    """Cells up to the first paragraph of prose; what follows the last number or attribute belongs to the text again."""
    cells: list[Span] = []
    last = 0
    for paragraph in paragraphs[at:]:
        if len(paragraph.text) > LONGEST_CELL or (paragraph.is_prose and "。" in paragraph.text) or paragraph.row:
            break
        if (
            paragraph.marker
            and paragraph.marker.rank <= 4
            and last == len(cells)
            and len(cells) > 4
            and not _looks_like_cell(paragraph)
        ):
            break
        cells.append((paragraph.start, paragraph.end))
        if _ATTRIBUTE.match(paragraph.text) or (_NUMERIC.search(paragraph.text) and len(paragraph.text) <= 16):
            last = len(cells)
    return cells[:last]


def _is_heading(paragraph: Paragraph) -> bool:
    return paragraph.marker is not None and (paragraph.marker.rank <= 3 or paragraph.marker.rank == BOX)


def _looks_like_cell(paragraph: Paragraph) -> bool:
    return len(paragraph.text) <= 8 and not re.match(r"第.{1,3}[章节编条]", paragraph.text)


def _headerless(paragraphs: list[Paragraph], at: int) -> tuple[None, int]:
    """Names, numbers and 预期性/约束性 a cell a line, and no header above them."""
    length = 0
    for paragraph in paragraphs[at:]:
        column = column_of(paragraph.text)
        if (
            len(paragraph.text) > 30
            or paragraph.is_prose
            or _is_heading(paragraph)
            or (column and column.kind == "name")
        ):
            break
        length += 1
    attributes = sum(bool(_ATTRIBUTE.match(paragraph.text)) for paragraph in paragraphs[at : at + length])
    numbers = sum(bool(re.fullmatch(r"[<>≤≥]?\d[\d.,]*%?", p.text)) for p in paragraphs[at : at + length])
    return None, length if attributes >= 3 or (numbers >= 6 and numbers >= length * 0.4) else 0


def with_baseline(columns: tuple[Column, ...], year: int | None) -> tuple[Column, ...]:
    """Of several plain year columns the first is the baseline, unless the document is older than it."""
    years = sorted({column.year for column in columns if column.kind in ("target", "base") and column.year})
    if len(years) < 2 or any(column.kind == "base" for column in columns):
        return columns
    first = years[0]
    if year is not None and int(first) >= year:
        return columns
    return tuple(
        replace(column, kind="base")
        if column.kind == "target" and column.year == first and "目标" not in column.text
        else column
        for column in columns
    )
