"""`yigongti finance`: the consortium's books, its pool, sharings and statements."""

import json
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from yigongti.site.command_line.ready import store_ready

finance = typer.Typer(help="医共体财务:成员账、资金池、分摊与分配、结算单。", no_args_is_help=True)
AS_JSON = typer.Option(False, "--json", help="输出 JSON")


class Sharing(StrEnum):
    """What is shared; the values of `Kind`."""

    APPORTIONMENT = "apportionment"
    DISTRIBUTION = "distribution"
    PERFORMANCE = "performance"
    PURCHASE = "purchase"
    ZONES = "zones"


@finance.command()
def books(
    consortium: str = typer.Argument(..., help="医共体编号"),
    period: str = typer.Option(..., "--period", help="如 2025、2025Q3、2025-07"),
    as_json: bool = AS_JSON,
) -> None:
    """成员账:收入、支出、结余、现金、负债,和资金与债务预警。"""
    store_ready()
    from yigongti.capabilities.finance.selectors.books import books as read
    from yigongti.capabilities.finance.services.members import members_of
    from yigongti.kernel.money import yuan
    from yigongti.kernel.periods import parse

    found = read(members_of(consortium), parse(period))
    if as_json:
        keys = ("institution_id", "name", "income_fen", "cost_fen", "result_fen", "cash_fen", "debt_fen")
        told = [
            {**{key: getattr(book, key) for key in keys}, "warnings": [vars(x) for x in book.warnings]}
            for book in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for book in found:
        warned = ";".join(each.text for each in book.warnings)
        typer.echo(f"{book.institution_id}  {book.name}  结余 {yuan(book.result_fen)} 元  {warned}")


@finance.command("take-in")
def take_in(
    consortium: str = typer.Argument(..., help="医共体编号"),
    amount: str = typer.Option(..., "--yuan", help="金额,元"),
    source: str = typer.Option(..., "--source", help="surplus、appropriation、public_health、contribution、other"),
    day: datetime = typer.Option(..., "--day", formats=["%Y-%m-%d"], help="到账日期"),
    by: str = typer.Option(..., "--by", help="办理人的登录名"),
    memo: str = typer.Option("", "--memo", help="摘要"),
) -> None:
    """资金到账:记入医共体的资金池。"""
    store_ready()
    from yigongti.capabilities.finance.services.pool import balance
    from yigongti.capabilities.finance.services.pool import take_in as enter
    from yigongti.kernel.ids import new_id
    from yigongti.kernel.money import fen, yuan

    enter(
        consortium, source=source, amount_fen=fen(Decimal(amount)), memo=memo, day=day.date(), request_id=new_id(),
        by=_account(by),
    )  # fmt: skip
    typer.echo(f"资金池余额 {yuan(balance(consortium))} 元")


@finance.command()
def share(
    kind: Sharing = typer.Argument(..., help="分摊、分配、绩效、购买或片区"),
    consortium: str = typer.Option(..., "--consortium", help="医共体编号"),
    period: str = typer.Option(..., "--period", help="如 2025、2025Q3、2025-07"),
    by: str = typer.Option(..., "--by", help="测算人的登录名"),
    amount: str = typer.Option("0", "--yuan", help="金额,元(成本分摊不必给)"),
    source: str = typer.Option("", "--source", help="资金来源"),
    as_json: bool = AS_JSON,
) -> None:
    """测算一次分摊或分配;不动账,由另一人 post 入账。"""
    store_ready()
    from yigongti.capabilities.finance.models import Kind
    from yigongti.capabilities.finance.selectors.sharings import lines_of
    from yigongti.capabilities.finance.services.running import prepare
    from yigongti.kernel.money import fen, yuan
    from yigongti.kernel.periods import parse

    run = prepare(
        Kind(kind.value), consortium_id=consortium, period=parse(period), total_fen=fen(Decimal(amount)),
        source=source, by=_account(by),
    )  # fmt: skip
    lines = lines_of(run)
    if as_json:
        told = {"run": run.pk, "total_fen": run.total_fen, "left_fen": run.left_fen, "lines": [vars(x) for x in lines]}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in lines:
        typer.echo(f"{line.name}  {line.factor}  {line.reckoning}")
    typer.echo(
        f"批次 {run.pk}:共 {yuan(run.total_fen)} 元,留存 {yuan(run.left_fen)} 元;入账:yigongti finance post {run.pk}"
    )


@finance.command()
def post(
    run: str = typer.Argument(..., help="批次编号"), by: str = typer.Option(..., "--by", help="入账人的登录名")
) -> None:
    """入账:由测算人以外的人办理。"""
    store_ready()
    from yigongti.capabilities.finance.services.running import post as enter

    typer.echo(f"已入账:{enter(run, by=_account(by))}")


@finance.command("take-back")
def take_back(
    run: str = typer.Argument(..., help="批次编号"),
    reason: str = typer.Option(..., "--reason", help="理由"),
    by: str = typer.Option(..., "--by", help="办理人的登录名"),
) -> None:
    """冲销已入账的批次:每笔分录反向再记一次。"""
    store_ready()
    from yigongti.capabilities.finance.services.running import take_back as reverse

    typer.echo(f"已冲销:{reverse(run, reason=reason, by=_account(by))}")


@finance.command()
def statement(
    institution: str = typer.Argument(..., help="机构编号"),
    year: int = typer.Option(..., "--year", help="年度"),
    out: Path = typer.Option(..., "--out", help="写到 .pdf 或 .xlsx 文件"),
    by: str = typer.Option(..., "--by", help="查看人的登录名"),
) -> None:
    """成员的年度结算单:PDF 或 XLSX。"""
    store_ready()
    from django.http import Http404

    from yigongti.capabilities.finance.selectors.statements import statement_of
    from yigongti.capabilities.finance.web.statements import headings, pdf, rows
    from yigongti.kernel.errors import Refusal
    from yigongti.pages import exports

    try:
        found = statement_of(institution, year, _account(by))
    except Http404 as error:
        raise Refusal(f"没有机构“{institution}”,或不在 {by} 的范围内", remedy="请核对机构编号") from error
    if out.suffix not in (".pdf", ".xlsx"):
        raise Refusal(f"不会写“{out.suffix}”文件", str(out), remedy="请写成 .pdf 或 .xlsx")
    out.write_bytes(pdf(found) if out.suffix == ".pdf" else exports.xlsx(headings(), rows(found)))
    typer.echo(f"已写到 {out}")


def _account(name: str) -> Any:
    from yigongti.kernel.errors import Refusal
    from yigongti.spine.access.models import User

    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise Refusal(f"没有账号“{name}”", "--by", remedy="请核对登录名")
    return found
