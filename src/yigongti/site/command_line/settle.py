"""`yigongti settle`: a year cleared, or supposed to be; `yigongti payment deductible`: what patients pay first."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from yigongti.kernel.money import yuan
from yigongti.site.command_line.ready import store_ready
from yigongti.spine.home import home

payment = typer.Typer(help="医保支付:起付线。", no_args_is_help=True)


@payment.callback()
def _payment() -> None:
    """医保支付:起付线。"""


@payment.command()
def deductible(
    file: Path = typer.Argument(help="住院过程的 JSON 文件"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """转诊住院连续计算起付线:每次住院收多少、为什么。"""
    from yigongti.capabilities.payment.services.deductible import deductible_file
    from yigongti.spine.county_rules import county_rules

    episodes = deductible_file(file, book=county_rules())
    if as_json:
        typer.echo(json.dumps(episodes, ensure_ascii=False, indent=2))
        return
    for episode in episodes:
        typer.echo(f"{episode['episode']}")
        for stay in episode["stays"]:
            typer.echo(f"  {stay['stay_id']}  {yuan(stay['deductible_fen'])} 元  {stay['reason']}")


def settle(
    year: int = typer.Option(..., help="年度"),
    pack: str = typer.Option("", help="按哪个政策包的办法;默认本县的规则"),
    setting: list[str] = typer.Option([], "--set", help="假设 规则=值(可重复),不动账"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """年终清算:总额怎样分到每个机构;加 --set 看假设之下有什么不同。"""
    store_ready()
    from yigongti.analytics import lake
    from yigongti.capabilities.payment.services import settle as settling
    from yigongti.spine.county_rules import county_rules

    book = settling.book_of(pack) if pack else county_rules()
    sources = {table: [Path(path) for path in lake.paths(table)] for table in settling.READS}

    def cleared(settings: list[str]) -> dict[str, Any]:
        supposed = settling.supposed(book, settings)
        return settling.settle(year, book=supposed, sources=sources, home=home().path).as_dict()

    found = cleared(setting)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    _print_settlement(found, cleared([]) if setting else found)


def _print_settlement(found: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """What each institution gets, beside what it would get without the supposition where they differ."""
    finals, without = _by_institution(found), _by_institution(before)
    for name in sorted(finals.keys() | without.keys()):
        now, then = finals.get(name, 0), without.get(name, 0)
        typer.echo(f"{name}  {yuan(now)} 元" + (f"(原 {yuan(then)},差 {yuan(now - then)})" if now != then else ""))
    for name, label in _TOTALS.items():
        typer.echo(f"{label} {yuan(found['totals'][name])} 元")
    typer.echo(f"{found['pack']} {found['year']} {found['run']}")


def _by_institution(settlement: Mapping[str, Any]) -> dict[str, int]:
    finals: dict[str, int] = {}
    for line in settlement["lines"]:
        finals[line["institution_id"]] = finals.get(line["institution_id"], 0) + line["final_fen"]
    return finals


_TOTALS = {
    "budget_fen": "总额", "final_fen": "清算合计", "kept_by_fund_fen": "基金留存",
    "fund_share_of_overrun_fen": "基金分担超支",
}  # fmt: skip
