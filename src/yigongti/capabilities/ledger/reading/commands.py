"""`yigongti ledger read FILE`: print what a policy document says, as JSON or as tables for people."""

import json
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from yigongti.capabilities.ledger.reading import Document, Target, read_file

_KINDS = {"target": "目标", "rule": "常设规则"}
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "~": "约"}


def ledger_read(path: str | Path, *, output: Literal["json", "text"] = "text", console: Console | None = None) -> None:
    """Print the reading of a file.  Raises FileRefused when it cannot be read."""
    reading = read_file(path)
    shown = console or Console()
    if output == "json":
        shown.file.write(json.dumps(reading.as_json(), ensure_ascii=False, indent=2) + "\n")
        return
    for document in reading.documents:
        _print_document(document, shown)


def _print_document(document: Document, console: Console) -> None:
    console.print(f"\n[bold]{document.title}[/bold]")
    facts = (document.number, document.issuer, document.issued_on)
    console.print(" · ".join(fact for fact in facts if fact) or "文号、发文机关和日期未见")
    console.print(_clauses(document))
    console.print(_targets(document))
    for note in document.notes:
        console.print(f"[yellow]{note}[/yellow]")


def _clauses(document: Document) -> Table:
    table = _folding("条款", "标题", "牵头", "配合", "责任单位", "目标数", title=f"条款({len(document.clauses)})")
    for clause in document.clauses:
        units = clause.units
        table.add_row(
            clause.id,
            clause.heading,
            "、".join(units.lead),
            "、".join(units.support),
            "、".join(units.responsible),
            str(len(clause.targets)),
        )
    return table


def _targets(document: Document) -> Table:
    table = _folding("条款", "类别", "指标", "要求", "期限", "原文", title=f"目标和规则({len(document.targets)})")
    for clause in document.clauses:
        for target in clause.targets:
            doubt = f" [yellow](请核对:{target.unsure})[/yellow]" if target.unsure else ""
            table.add_row(
                clause.id,
                _KINDS[target.kind],
                target.indicator + doubt,
                _wanted(target),
                target.due or "",
                target.quote,
            )
    return table


def _folding(*columns: str, title: str) -> Table:
    """A table whose cells wrap rather than lose their ends."""
    table = Table(title=title)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _wanted(target: Target) -> str:
    number = f"{target.value}" if target.upper is None else f"{target.value}-{target.upper}"
    return f"{target.per} {_SIGNS[target.comparator]} {number}{'' if target.unit == '1:n' else target.unit}".strip() + (
        "(1比n)" if target.unit == "1:n" else ""
    )
