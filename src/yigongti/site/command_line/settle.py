"""`yigongti settle`: a year settled, cleared, corrected, worked out again, or supposed to be otherwise."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import yuan
from yigongti.site.command_line.ready import store_ready
from yigongti.site.command_line.reproduce import settlement

if TYPE_CHECKING:
    from yigongti.spine.access.models import User


def settle(
    year: int | None = typer.Option(None, help="年度"),
    pack: str = typer.Option("", help="按哪个政策包的办法;默认本县的规则"),
    setting: list[str] = typer.Option([], "--set", help="假设 规则=值(可重复),不动账"),
    scheme: str = typer.Option("", help="DRG 分组方案;默认按规则 payment.inpatient.drg_scheme"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
    clear: bool = typer.Option(False, "--clear", help="确认为年终清算(一年一次),并固化所用数据"),
    corrects: str = typer.Option("", help="更正哪一次清算(批次编号)"),
    why: str = typer.Option("", help="更正的原因"),
    by: str = typer.Option("", help="清算人的登录名"),
    reproduce: str = typer.Option("", help="按记录的数据和规则重算这个批次,逐位比较;不一致以 3 退出"),
) -> None:
    """结算一年:总额怎样分到每个机构;结果存为批次,--clear 确认为清算;--set 只看假设之下有什么不同。"""
    store_ready()
    if reproduce:
        raise typer.Exit(0 if settlement(reproduce) else 3)
    if year is None:
        raise Refusal("没有写年度", "--year", remedy="例如 yigongti settle --year 2025")
    if setting and (clear or corrects):
        raise Refusal("假设不能清算", "--set 与 --clear", "假设不动账", "去掉 --set 再清算")
    user = user_named(by)
    run = _settle(year, pack, setting, scheme, as_json=as_json)
    if clear or corrects:
        _clear(run, corrects=corrects, why=why, by=user)


def _settle(year: int, pack: str, setting: list[str], scheme: str, *, as_json: bool) -> str:
    """Settle and print; returns the run's id."""
    from yigongti.capabilities.payment.services import runs
    from yigongti.capabilities.payment.services.settle import book_of

    book = book_of(pack) if pack else None
    if setting:
        before, after = runs.suppose(year, setting, book=book, scheme=scheme)
    else:
        before = after = runs.settle_year(year, book=book, scheme=scheme)
    for note in after.notes:
        typer.secho(f"说明:{note}", fg=typer.colors.YELLOW, err=True)
    if as_json:
        typer.echo(json.dumps(after.settlement.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print_settlement(after.settlement.as_dict(), before.settlement.as_dict())
    return after.settlement.run


def _clear(run: str, *, corrects: str, why: str, by: "User | None") -> None:
    from yigongti.capabilities.payment.selectors.differences import difference
    from yigongti.capabilities.payment.services import runs

    clearing = runs.clear_year(run, by=by, corrects=corrects, reason=why)
    typer.secho(f"已清算 {clearing.year} 年,批次 {run[:16]}", err=True)
    if clearing.corrects is not None:
        for line in difference(clearing.corrects.run_id, run).lines:
            typer.secho(f"  {line.institution_id} {line.pool}:{yuan(line.before)} → {yuan(line.after)} 元", err=True)


def user_named(name: str) -> "User | None":
    """The account of this login name; None for an empty one.  Raises Refusal for one that is not there."""
    from yigongti.spine.access.models import User

    if not name:
        return None
    found: User | None = User.objects.filter(username=name).first()
    if found is None:
        raise Refusal(f"没有登录名“{name}”", "--by", remedy="改正登录名")
    return found


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
