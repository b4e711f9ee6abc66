"""`yigongti ledger …`: policy documents read."""

from pathlib import Path

import typer

ledger = typer.Typer(help="政策台账:读文件。", no_args_is_help=True)


@ledger.callback()
def _ledger() -> None:
    """政策台账:读文件。"""


@ledger.command("read")
def read(
    path: Path = typer.Argument(help="政策文件:TXT、HTML、DOCX、PDF"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """读一份政策文件:条款、责任单位、目标与常设规定,每项附原文。"""
    from yigongti.capabilities.ledger.reading.commands import ledger_read

    ledger_read(path, output="json" if as_json else "text")
