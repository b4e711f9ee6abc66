"""Reading a Chinese policy document: a file in, its documents with clauses, units, targets and rules out.

Pure: grammar and dictionaries, no model, no network, no Django.  Each reading carries its quote; what the grammar is
not certain of says so in `unsure`.  tests/spec/ledger_reading shows the conventions it follows.
"""

from pathlib import Path

from yigongti.capabilities.ledger.reading.assembly import assemble
from yigongti.capabilities.ledger.reading.evidence import checked
from yigongti.capabilities.ledger.reading.model import Clause, Document, Reading, Target, Units
from yigongti.capabilities.ledger.reading.sources import checked_length, text_of
from yigongti.kernel.errors import FileRefused

__all__ = ["Clause", "Document", "Reading", "Target", "Units", "read", "read_file"]


def read(data: bytes | str, *, name: str = "") -> Reading:
    """Read a file's bytes (text, HTML, DOCX, PDF) or a text.

    name: the file's name, for messages.  Raises FileRefused (what, where, why, remedy) for a file that cannot be read
    or holds no policy document.
    """
    text = checked_length(data, name=name).replace("\r\n", "\n") if isinstance(data, str) else text_of(data, name=name)
    return checked(assemble(text), name=name)


def read_file(path: str | Path) -> Reading:
    """Read a file by its path; raises FileRefused as `read` does, and when the file is not there."""
    file = Path(path)
    if not file.is_file():
        raise FileRefused("找不到文件", where=str(path), why="路径不存在或不是文件", remedy="请检查路径后重试")
    return read(file.read_bytes(), name=file.name)
