"""`yigongti drg …`: cases grouped, schemes listed, imported, checked and compared.  Files alone; no store needed."""

from decimal import Decimal
from pathlib import Path

import typer

from yigongti.kernel.money import yuan
from yigongti.spine.home import home

drg = typer.Typer(help="疾病诊断相关分组(DRG)。", no_args_is_help=True)
scheme = typer.Typer(help="分组方案。", no_args_is_help=True)
drg.add_typer(scheme, name="scheme")


@drg.callback()
def _drg() -> None:
    """疾病诊断相关分组(DRG)。"""


@drg.command()
def group(
    cases: Path = typer.Argument(help="病例文件:JSONL(.gz)、CSV、Parquet"),
    scheme: str = typer.Option("county-core", help="分组方案:文件,或方案库里的名称"),
    out: Path = typer.Option(..., help="结果文件,格式看后缀"),
    explain: bool = typer.Option(False, "--explain", help="附上每例的入组经过"),
) -> None:
    """给病例分组,写出 id、mdc、adrg、drg、status、reason。"""
    from yigongti.capabilities.payment.services.drg import drg_group

    done = drg_group(cases, scheme, out, detail="traces" if explain else "groups", home=home().path)
    counts = "、".join(f"{status} {count:,}" for status, count in sorted(done.statuses.items()))
    typer.echo(f"{done.scheme}:{done.cases:,} 例({counts})→ {done.out}")
    for column in done.absent:
        typer.echo(f"说明:文件没有 {column} 这一列,按无值处理")
    if done.repeated_ids:
        typer.echo(f"说明:{done.repeated_ids:,} 行的 id 与别的行相同")
    for row, reason in done.invalid:
        typer.secho(f"第 {row + 1} 例无效:{reason}", fg=typer.colors.YELLOW, err=True)


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
) -> None:
    """导入分组方案;读不懂的逐表逐行说明,并且什么也不导入。"""
    from yigongti.capabilities.payment.services.drg import import_scheme

    done = import_scheme(source, home=home().path, name=name, title=title)
    typer.echo(f"已导入 {done.name} → {done.path}")
    for problem in done.problems:
        typer.echo(str(problem))


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
    cases: Path = typer.Option(..., help="病例文件"),
    weights: tuple[Path, Path] | None = typer.Option(None, help="两个方案各自的权重表"),
    price: str | None = typer.Option(None, help="每一权重的费率(元)"),
) -> None:
    """两个方案相比:多少病例换组,从哪组到哪组,金额差多少。"""
    from yigongti.capabilities.payment.services.drg import diff_schemes

    price_fen = int(Decimal(price) * 100) if price else None
    done = diff_schemes(before, after, cases, home=home().path, weights=weights, price_fen=price_fen)
    typer.echo(f"{done.found.cases:,} 例中 {done.found.moved:,} 例换组")
    for move in done.found.moves[:50]:
        typer.echo(f"  {move.before} → {move.after}:{move.cases:,} 例")
    if done.before_fen is not None and done.after_fen is not None:
        change = done.after_fen - done.before_fen
        typer.echo(f"金额 {yuan(done.before_fen)} → {yuan(done.after_fen)} 元,差 {yuan(change)} 元")
