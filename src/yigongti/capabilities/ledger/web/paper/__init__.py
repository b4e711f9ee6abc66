"""Reports on paper: DOCX to go on writing in, PDF to send and keep."""

from pathlib import Path

from yigongti.capabilities.ledger.models import PolicyDocument
from yigongti.capabilities.ledger.selectors.reports import Report, report
from yigongti.capabilities.ledger.web.paper.docx import docx
from yigongti.capabilities.ledger.web.paper.pdf import pdf
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import parse
from yigongti.spine.access.scope import SYSTEM_ACTOR

__all__ = ["WRITERS", "Report", "docx", "pdf", "write_report"]

WRITERS = {"docx": docx, "pdf": pdf}
"""Kind of file → how its bytes are made from a report."""


def write_report(document: str, *, period: str, to: Path) -> Path:
    """Write the report of a document (its id, or a part of its title) to a .docx or .pdf file.

    Raises Refusal where no document, or more than one, answers to the name, and on another kind of file.
    """
    kind = to.suffix.lstrip(".").lower()
    if kind not in WRITERS:
        raise Refusal(f"不能写成“{to.suffix}”文件", where=str(to), remedy="请用 .docx 或 .pdf")
    content = WRITERS[kind](report(_named(document), parse(period), user=SYSTEM_ACTOR))
    to.write_bytes(content)
    return to


def _named(document: str) -> PolicyDocument:
    found = list(PolicyDocument.objects.filter(pk=document) or PolicyDocument.objects.filter(title__contains=document))
    if len(found) != 1:
        raise Refusal(f"叫“{document}”的文件有 {len(found)} 份", remedy="请用 yigongti ledger list 查看编号,按编号指定")
    return found[0]
