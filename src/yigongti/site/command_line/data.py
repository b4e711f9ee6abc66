"""`yigongti load`, `templates`, `quarantine …` and `demo`: facts in."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yigongti.site.command_line.ready import store_ready

if TYPE_CHECKING:
    from yigongti.exchange.files.report import LoadReport

quarantine = typer.Typer(help="隔离区:查看、导出改正、作废。", no_args_is_help=True)


def load(
    paths: list[Path] = typer.Argument(help="文件或文件夹:CSV、XLSX、Parquet、NDJSON、FHIR"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """装载数据文件。全部装入以 0 退出,有行被隔离以 3 退出,有文件读不了以 2 退出。"""
    store_ready()
    from yigongti.exchange.files.progress import progress_for
    from yigongti.exchange.intake import take_in

    with progress_for(quiet="json" if as_json else "") as progress:
        report = take_in(paths, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    raise typer.Exit(report.exit_code)


def _tell(report: "LoadReport") -> None:
    """The report as people read it: a line a table, its notes, and what was refused."""
    from rich.console import Console
    from rich.table import Table

    console, table = Console(), Table("文件", "表", "行数", "新增", "替换", "未变", "隔离")
    for file in report.files:
        counts = (file.rows, file.loaded, file.replaced, file.unchanged, file.quarantined)
        table.add_row(Path(file.file).name, file.table, *(f"{count:,}" for count in counts))
    console.print(table)
    for note in dict.fromkeys(note for file in report.files for note in file.notes):
        console.print(f"说明:{note}")
    for file in report.files:
        if file.error:
            told = ";".join(file.error[key] for key in ("what", "where", "why", "remedy") if file.error.get(key))
            console.print(f"拒收 {file.file}:{told}", style="red")
    if report.ignored:
        console.print(f"没有装载(不是数据文件):{'、'.join(Path(path).name for path in report.ignored)}")
    if any(file.quarantined for file in report.files):
        console.print("有行被隔离:用 yigongti quarantine list 查看,quarantine export 导出改正", style="yellow")


def templates(folder: Path = typer.Argument(help="写到哪个文件夹")) -> None:
    """写一本带说明、下拉选项和示例的数据模板工作簿;填好即可装载。"""
    from yigongti.exchange.files.templates import templates as write

    typer.echo(f"写入 {write(folder)}")


@quarantine.callback()
def _quarantine() -> None:
    """隔离区:查看、导出改正、作废。"""


@quarantine.command("list")
def list_rows(
    table: str = typer.Option("", help="只看这张事实表"),
    file: str = typer.Option("", help="只看这个文件"),
    limit: int = typer.Option(50, help="最多列出多少行"),
) -> None:
    """列出待处理的行:编号、文件、行号、列、值、原因。"""
    store_ready()
    from yigongti.exchange.files.quarantine.selectors import tallies, waiting

    counted = tallies()
    if not counted:
        typer.echo("隔离区没有待处理的行")
    for tally in counted:
        typer.echo(f"{tally.table}:{tally.rows} 行待处理,{tally.rule},来自 {tally.files} 个文件")
    for row in waiting(table=table, file=file)[:limit]:
        typer.echo(f"#{row.pk} {row.file} 第 {row.line} 行 {row.column}={row.value!r}:{row.reason}({row.remedy})")


@quarantine.command("export")
def export_rows(
    table: str = typer.Option("", help="只导出这张事实表"),
    file: str = typer.Option("", help="只导出这个文件的行"),
    to: Path | None = typer.Option(None, help="写到哪个文件夹"),
) -> None:
    """把待处理的行连同原因导出为 CSV;改好后用 yigongti load 装回。"""
    store_ready()
    from yigongti.exchange.files.quarantine.mending import export

    for path in export(table=table, file=file, to=to):
        typer.echo(f"写入 {path}")


@quarantine.command("discard")
def discard_rows(
    numbers: list[int] = typer.Argument(help="隔离区编号"),
    why: str = typer.Option(..., help="作废的理由"),
) -> None:
    """作废若干行(仍留痕)。"""
    store_ready()
    from yigongti.exchange.files.quarantine.settling import discard

    typer.echo(f"已作废 {discard(numbers, by='命令行', why=why)} 行")


def demo(
    out: Path = typer.Option(..., help="写到哪个文件夹"),
    residents: int = typer.Option(50_000, help="居民人数"),
    months: int = typer.Option(24, help="月数"),
    seed: int = typer.Option(1, help="随机种子:同样的种子得到同样的县"),
    form: str = typer.Option("parquet", help="parquet 或 csv"),
) -> None:
    """生成一个虚构的县的全部数据文件,预埋的问题列在 truth.json。"""
    from yigongti.demo.command import demo as make

    make(residents, months, seed, out, form)
