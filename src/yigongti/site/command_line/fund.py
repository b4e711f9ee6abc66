"""`yigongti payment …`: deductibles, the budget reckoned, months advanced and settled, special cases put forward."""

import json
from pathlib import Path

import typer

from yigongti.kernel.money import yuan
from yigongti.kernel.periods import parse
from yigongti.site.command_line.ready import store_ready

payment = typer.Typer(help="医保支付:起付线、总额测算、月度结算、特例单议。", no_args_is_help=True)


@payment.callback()
def _payment() -> None:
    """医保支付:起付线、总额测算、月度结算、特例单议。"""


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


@payment.command()
def budget(
    year: int = typer.Option(..., help="预算年度"),
    out: Path | None = typer.Option(None, help="写成可装载的 budget 文件(CSV)"),
) -> None:
    """测算总额:按人头、按历史(7:2:1)与混合,年龄性别风险调整,扣除,分住院与门诊。"""
    store_ready()
    from yigongti.capabilities.payment.services.budgeting import compose_budgets, write_budgets

    composed = compose_budgets(year)
    for each in composed:
        typer.echo(
            f"{each.consortium_id} {each.insured_as}:按人头 {yuan(each.by_heads_fen)}、"
            f"按历史 {yuan(each.by_history_fen)} → 总额 {yuan(each.gross_fen)},扣除后 {yuan(each.net_fen)} 元"
        )
    if out is not None:
        write_budgets(composed, out)
        typer.echo(f"写入 {out}")


@payment.command()
def month(
    label: str = typer.Argument(help="月份,如 2025-03"),
    by: str = typer.Option("", help="经办人的登录名"),
) -> None:
    """月度预付与预结算;季末比较总额使用与时间进度,超过界限的通知有关人员。"""
    store_ready()
    from yigongti.capabilities.payment.services.months import settle_month
    from yigongti.site.command_line.settle import user_named

    first = parse(label).start
    done = settle_month(first.year, first.month, by=user_named(by))
    advanced, settled = (
        sum(getattr(line, name) for line in done.lines.all()) for name in ("advance_fen", "settled_fen")
    )
    typer.echo(f"{done}:预付 {yuan(advanced)} 元,预结算 {yuan(settled)} 元")
    for use in done.uses.exclude(tone="good"):
        typer.secho(f"  {use} {use.get_tone_display()}", fg=typer.colors.YELLOW)
