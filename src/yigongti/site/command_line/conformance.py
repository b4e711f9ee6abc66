"""`yigongti conformance …`: the open conformance suite, run against this product or anybody's command."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yigongti.kernel.errors import Refusal

if TYPE_CHECKING:
    from yigongti.capabilities.payment.services.conformance import Report

conformance = typer.Typer(help="一致性套件:分组、分值、点数、起付线、清算、分配。", no_args_is_help=True)
_FOLDER = typer.Option(None, help="套件所在目录;默认项目的 conformance/")


@conformance.callback()
def _conformance() -> None:
    """一致性套件。"""


@conformance.command()
def run(
    command: str = typer.Option("", help="被测命令:从标准输入读请求、向标准输出写结果;可用 {in}、{out} 表示文件"),
    suite: list[str] = typer.Option([], help="只跑这些套件(可重复)"),
    folder: Path | None = _FOLDER,
    seconds: float = typer.Option(30, help="每例等待的秒数"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """运行套件:全部通过以 0 退出,有不符的以 1 退出。"""
    from yigongti.capabilities.payment.services.conformance import SUITES, Command, read_suites, run
    from yigongti.capabilities.payment.services.conformance.suites import HERE
    from yigongti.site.conformance import answer

    suites = read_suites(folder or HERE, tuple(suite) or SUITES)
    report = run(suites, Command(command, seconds) if command else answer)
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else _told(report))
    if report.failed:
        raise typer.Exit(1)


def _told(report: "Report") -> str:
    lines = [f"{name}  {passed}/{cases}" for name, (passed, cases) in report.suites().items()]
    for outcome in report.failed:
        lines += [
            f"× {outcome.suite} {outcome.id} {outcome.title['zh']}",
            *(f"    {text}" for text in outcome.differences),
        ]
    lines.append("全部通过" if not report.failed else f"{len(report.failed)} 例不符")
    return "\n".join(lines)


@conformance.command("list")
def list_them(folder: Path | None = _FOLDER) -> None:
    """列出套件和病例。"""
    from yigongti.capabilities.payment.services.conformance import read_suites
    from yigongti.capabilities.payment.services.conformance.suites import HERE

    for suite in read_suites(folder or HERE):
        typer.echo(f"{suite.name}  {suite.title['zh']}({len(suite.cases)} 例)")
        for case in suite.cases:
            typer.echo(f"  {case.id}  {case.title['zh']}")


@conformance.command("answer")
def answer_one() -> None:
    """本软件按套件的约定回答一个请求:标准输入读 JSON,标准输出写 JSON。"""
    from yigongti.site.conformance import answer

    try:
        request = json.loads(sys.stdin.read())
    except ValueError as error:
        raise Refusal("请求不是 JSON", why=str(error), remedy="每次一个请求") from error
    typer.echo(json.dumps(answer(request if isinstance(request, dict) else {}), ensure_ascii=False))
