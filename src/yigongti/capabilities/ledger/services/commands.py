"""What the commands of the ledger do: take files in, list documents."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Column, Table

from yigongti.capabilities.ledger.models import PolicyDocument
from yigongti.capabilities.ledger.selectors.documents import documents
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.capabilities.ledger.workflow import POLICY_DOCUMENT
from yigongti.kernel import clock
from yigongti.kernel.errors import FileRefused
from yigongti.spine.access.scope import SYSTEM_ACTOR

Output = Literal["json", "text"]
_COUNTED = ("unread", "targets", "open_tasks", "all_tasks")
_HEADS = ("状态", "待核对", "目标", "在办", "任务")


def import_files(paths: Sequence[Path], *, output: Output = "text") -> list[PolicyDocument]:
    """Take files in, one by one; the first that is refused ends it, and those before it stay.

    Raises FileRefused or Refusal as `import_file`, and where a path is no file.
    """
    found = []
    for path in paths:
        if not path.is_file():
            raise FileRefused("找不到文件", where=str(path), remedy="请检查路径后重试")
        found += import_file(path.read_bytes(), name=path.name, by=SYSTEM_ACTOR, at=clock.now())
    _print([document for document in documents() if document.pk in {each.pk for each in found}], output)
    return found


def list_documents(*, output: Output = "text") -> None:
    """Print every document with its state and counts."""
    _print(list(documents()), output)


def _print(found: Sequence[Any], output: Output) -> None:
    console = Console()
    if output == "json":
        console.file.write(json.dumps([_shape(each) for each in found], ensure_ascii=False, indent=2) + "\n")
        return
    if not found:
        console.print("台账里还没有文件:用 yigongti ledger import 导入第一份")
        return
    table = Table(Column("文件", overflow="fold"), *(Column(head, no_wrap=True) for head in _HEADS))
    for each in found:
        shape = _shape(each)
        about = " · ".join(filter(None, (shape["number"], shape["issued_on"])))
        what = "\n".join(filter(None, (shape["title"], about, shape["id"])))
        table.add_row(what, shape["state_label"], *(str(shape[name]) for name in _COUNTED))
    console.print(table)


def _shape(document: Any) -> dict[str, Any]:
    counts = {name: getattr(document, name) for name in _COUNTED}
    return {
        "id": document.pk, "title": document.title, "number": document.number, "level": document.level,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None, "state": document.state,
        "state_label": POLICY_DOCUMENT.states[document.state], **counts,
    }  # fmt: skip
