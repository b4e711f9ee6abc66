"""`yigongti payment deductible`: what the insurance fund and the patient pay, from files and rules."""

import json
from pathlib import Path

import typer

from yigongti.kernel.money import yuan

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
