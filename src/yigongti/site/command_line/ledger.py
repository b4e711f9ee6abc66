"""`yigongti ledger …`: policy documents read, taken into the ledger, listed and reported on."""

from pathlib import Path

import typer

from yigongti.site.command_line.ready import store_ready

ledger = typer.Typer(help="政策台账:读文件、导入、列出、出报告。", no_args_is_help=True)


@ledger.callback()
def _ledger() -> None:
    """政策台账:读文件、导入、列出、出报告。"""


@ledger.command("read")
def read(
    path: Path = typer.Argument(help="政策文件:TXT、HTML、DOCX、PDF"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """读一份政策文件:条款、责任单位、目标与常设规定,每项附原文。"""
    from yigongti.capabilities.ledger.reading.commands import ledger_read

    ledger_read(path, output="json" if as_json else "text")


@ledger.command("import")
def import_(
    paths: list[Path] = typer.Argument(help="政策文件:TXT、HTML、DOCX、PDF"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """把政策文件读入台账,作为待核对的草稿;核对、确认在网页上由人完成。读不了的文件什么也不留,以 2 退出。"""
    store_ready()
    from yigongti.capabilities.ledger.services.commands import import_files

    import_files(paths, output="json" if as_json else "text")


@ledger.command("list")
def list_(as_json: bool = typer.Option(False, "--json", help="输出 JSON")) -> None:
    """列出台账里的文件:编号、状态、目标和任务数。"""
    store_ready()
    from yigongti.capabilities.ledger.services.commands import list_documents

    list_documents(output="json" if as_json else "text")


@ledger.command("report")
def report(
    document: str = typer.Argument(help="文件编号或标题的一部分"),
    period: str = typer.Option(..., help="期间,如 2025 或 2025H1"),
    to: Path = typer.Option(..., help="写到哪个文件:.docx 或 .pdf"),
) -> None:
    """写一份文件的半年或年度落实情况报告。"""
    store_ready()
    from yigongti.capabilities.ledger.web.paper import write_report

    typer.echo(f"写入 {write_report(document, period=period, to=to)}")
