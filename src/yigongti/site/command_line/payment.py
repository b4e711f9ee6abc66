"""`yigongti drg …`: cases grouped, schemes listed, imported, checked and compared.

Files need no store; without a file the store's own stays are taken.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from yigongti.kernel.clock import today
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import fen, yuan
from yigongti.site.command_line.ready import store_ready
from yigongti.spine.home import home

if TYPE_CHECKING:
    import pyarrow as pa

    from yigongti.capabilities.payment.decisions.drg.compare import Difference

drg = typer.Typer(help="疾病诊断相关分组(DRG)。", no_args_is_help=True)
scheme = typer.Typer(help="分组方案。", no_args_is_help=True)
_YEAR = typer.Option(None, help="用数据库里的住院时,只取这一年出院的")
_SHOWN = 50
drg.add_typer(scheme, name="scheme")


@drg.callback()
def _drg() -> None:
    """疾病诊断相关分组(DRG)。"""


@drg.command()
def group(
    cases: Path | None = typer.Argument(None, help="病例文件:JSONL(.gz)、CSV、Parquet;不写则用数据库里的住院"),
    scheme: str = typer.Option("county-core", help="分组方案:文件,或方案库里的名称"),
    out: Path = typer.Option(..., help="结果文件,格式看后缀"),
    explain: bool = typer.Option(False, "--explain", help="附上每例的入组经过"),
    year: int | None = _YEAR,
) -> None:
    """给病例分组,写出 id、mdc、adrg、drg、status、reason。"""
    from yigongti.capabilities.payment.services.drg import drg_group, drg_group_stays

    detail: Literal["groups", "traces"] = "traces" if explain else "groups"
    if cases:
        done = drg_group(cases, scheme, out, detail=detail, home=home().path)
    else:
        done = drg_group_stays(_stored(year), scheme, out, detail=detail, home=home().path)
    counts = "、".join(f"{status} {count:,}" for status, count in sorted(done.statuses.items()))
    typer.echo(f"{done.scheme}:{done.cases:,} 例({counts})→ {done.out}")
    for column in done.absent:
        typer.echo(f"说明:文件没有 {column} 这一列,按无值处理")
    if done.repeated_ids:
        typer.echo(f"说明:{done.repeated_ids:,} 行的 id 与别的行相同")
    for row, reason in done.invalid:
        typer.secho(f"第 {row} 例无效:{reason}", fg=typer.colors.YELLOW, err=True)


@scheme.command("list")
def list_them() -> None:
    """列出方案库。"""
    from yigongti.capabilities.payment.services.drg import list_schemes

    for entry in list_schemes(home().path):
        origin = "随产品" if entry.origin == "shipped" else "已导入"
        typer.echo(f"{entry.name}  {entry.title}  {entry.mdcs} MDC / {entry.adrgs} ADRG / {entry.drgs} DRG  {origin}")


@scheme.command("import")
def import_it(
    source: Path = typer.Argument(help="中性格式、CHS-DRG 工作簿(.xlsx)或 CSV 表的文件夹"),
    name: str = typer.Option("", help="方案名"),
    title: str = typer.Option("", help="标题"),
    effective: str = typer.Option("", help="方案施行日期;工作簿按这一天的规则标记基层病组,默认今天"),
) -> None:
    """导入分组方案;读不懂的逐表逐行说明,并且什么也不导入。"""
    from yigongti.capabilities.payment.services.drg import import_scheme

    known = _known_of_workbooks(effective) if source.suffix.lower() == ".xlsx" else {}
    done = import_scheme(source, home=home().path, name=name, title=title, **known)
    typer.echo(f"已导入 {done.name} → {done.path}")
    for problem in done.problems:
        typer.echo(str(problem))


def _known_of_workbooks(effective: str) -> dict[str, Any]:
    """What the rules of a day say about the workbook: its base-level groups, and the rows it is known to lack."""
    from yigongti.spine.county_rules import county_rules

    try:
        rules = county_rules().on(date.fromisoformat(effective) if effective else today())
    except ValueError as error:
        raise Refusal(f"施行日期“{effective}”不是日期", remedy="写成 2027-01-01") from error
    names = {"base_level": "payment.drg.base_level_groups", "known_gaps": "payment.drg.known_exclusion_gaps"}
    return {key: rules[rule].codes for key, rule in names.items() if rule in rules}


@scheme.command("check")
def check(named: str = typer.Argument(help="方案文件或名称")) -> None:
    """检查方案:未知的列表、走不到的组、重复的编码;有错误以 2 退出。"""
    from yigongti.capabilities.payment.services.drg import check_scheme

    found = check_scheme(named, home=home().path)
    typer.echo("\n".join(map(str, found)) or "没有发现问题")
    if any(problem.severity == "error" for problem in found):
        raise typer.Exit(2)


@scheme.command("diff")
def diff(
    before: str = typer.Argument(help="原方案"),
    after: str = typer.Argument(help="新方案"),
    cases: Path | None = typer.Option(None, help="病例文件;不写则用数据库里的住院"),
    year: int | None = _YEAR,
    weights: tuple[Path, Path] | None = typer.Option(None, help="两个方案各自的权重表"),
    price: str | None = typer.Option(None, help="每一权重的费率(元)"),
) -> None:
    """两个方案相比:多少病例换组,从哪组到哪组,金额差多少。"""
    from yigongti.capabilities.payment.services.drg import diff_schemes, read_table

    table = read_table(cases) if cases else _stored(year)
    done = diff_schemes(before, after, table, home=home().path, weights=weights, price_fen=_fen(price))
    typer.echo(f"{done.found.cases:,} 例中 {done.found.moved:,} 例换组({share_of(done.found)})")
    for move in done.found.moves[:_SHOWN]:
        typer.echo(f"  {move.before} → {move.after}:{move.cases:,} 例{_worth(move.weight, done.price_fen)}")
    if done.before_fen is not None and done.after_fen is not None:
        change = done.after_fen - done.before_fen
        typer.echo(f"金额 {yuan(done.before_fen)} → {yuan(done.after_fen)} 元,差 {yuan(change)} 元")
    for each in done.institutions[:_SHOWN]:
        typer.echo(f"  {each.institution_id}:{each.moved:,}/{each.cases:,} 例换组,{yuan(each.change_fen)} 元")
    if done.found.unweighed:
        typer.echo(f"说明:这些组没有权重,未计金额:{'、'.join(done.found.unweighed)}")


def share_of(found: "Difference") -> str:
    """The share of cases that move, as people read it."""
    return f"{found.moved / found.cases:.1%}" if found.cases else "0%"


def _stored(year: int | None) -> "pa.Table":
    """The store's own stays, of a year where one is named."""
    from yigongti.capabilities.payment.services.stored import some_stays

    store_ready()
    return some_stays(years=range(year, year + 1) if year else None)


def _fen(price: str | None) -> int | None:
    try:
        return fen(price) if price else None
    except ArithmeticError as error:
        raise Refusal(f"费率“{price}”不是数", remedy="写成元,如 6000 或 6000.50") from error


def _worth(weight: Decimal | None, price_fen: int | None) -> str:
    if weight is None or price_fen is None:
        return ""
    return f",{yuan(int((weight * price_fen).to_integral_value()))} 元"
