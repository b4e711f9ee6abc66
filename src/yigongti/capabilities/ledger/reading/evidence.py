"""Whether what was read is a policy document at all."""

import re
from dataclasses import replace
from pathlib import Path

from yigongti.capabilities.ledger.reading.assembly import NO_HEADER
from yigongti.capabilities.ledger.reading.model import Document, Reading
from yigongti.capabilities.ledger.reading.outline import UNNUMBERED
from yigongti.capabilities.ledger.reading.passage import fold
from yigongti.kernel.errors import FileRefused

_TYPE = re.compile(
    r"方案|规划|计划|要点|措施|意见|办法|通知|规定|细则|条例|决定|纲要|任务|安排|举措|指南|规范|责任书|清单|制度|政策"
)
_TELLING = 3  # aims and norms by which a text without title or number is known for a policy


def checked(reading: Reading, *, name: str = "") -> Reading:
    """The reading without what is no policy document; refused when nothing is left."""
    documents = tuple(document for document in reading.documents if _is_policy(document))
    if documents:
        return replace(reading, documents=documents)
    where = Path(name).name or "上传的文件"
    if any(NO_HEADER in note for document in reading.documents for note in document.notes):
        raise FileRefused(
            "表格没有表头",
            where=where,
            why="没有“指标”“单位”“2025年”这样的表头,分不清现状值和目标值",
            remedy="请连同表头和标题一起保存后再读取",
        )
    raise FileRefused(
        "没有读到政策文件",
        where=where,
        why="没有标题(方案、规划、意见等)、文号,也没有成条的任务和责任单位",
        remedy="请确认文件是政策文件的正文页面,而不是目录、新闻或数据表",
    )


def _is_policy(document: Document) -> bool:
    numbered = [clause for clause in document.clauses if clause.id not in UNNUMBERED]
    named = bool(_TYPE.search(fold(document.title))) or bool(document.number)
    answered = any(clause.units for clause in document.clauses)
    if named:
        return bool(numbered) or bool(document.targets)
    if len(document.targets) >= _TELLING:
        return True
    return len(numbered) >= 3 and (answered or len(document.targets) >= 1)
