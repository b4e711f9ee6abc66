"""`yigongti ledger read`: JSON for programs, tables for people."""

import json
from io import StringIO

import pytest
from ledger_files import DOCUMENTS
from rich.console import Console

from yigongti.capabilities.ledger.reading.commands import ledger_read
from yigongti.kernel.errors import FileRefused


def printed(output: str) -> str:
    console = Console(file=StringIO(), width=200)
    ledger_read(DOCUMENTS / "plan.txt", output=output, console=console)  # type: ignore[arg-type]  # both forms are tried
    return console.file.getvalue()


def test_json_is_complete_and_chinese_is_readable_in_it() -> None:
    text = printed("json")
    assert "清河县“十四五”卫生健康发展规划" in text
    assert json.loads(text)["documents"][0]["number"] == "清政发〔2021〕18号"


def test_people_see_clauses_targets_and_what_to_check() -> None:
    text = printed("text")
    assert "人均预期寿命" in text
    assert "≥ 78.8岁" in text
    assert "请核对" in text


def test_a_refusal_is_passed_on() -> None:
    with pytest.raises(FileRefused):
        ledger_read(DOCUMENTS / "没有.txt")
