"""`yigongti dip …`: catalogues made from stays, stays grouped and scored, catalogues compared.

Files need no store; without files the store's own stays are taken.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yigongti.site.command_line.ready import store_ready

if TYPE_CHECKING:
    from yigongti.capabilities.payment.services.dip import Stays

dip = typer.Typer(help="按病种分值付费(DIP)。", no_args_is_help=True)
_INSTITUTIONS = typer.Option(None, help="机构文件(institution),用于同级别均费与机构系数")


@dip.callback()
def _dip() -> None:
    """按病种分值付费(DIP)。"""


def _stays(files: Sequence[Path], institutions: Path | None) -> "Stays":
    """The stays of the files, or the store's own."""
    from yigongti.capabilities.payment.services.dip import stays_of_files, stays_of_store

    if files:
        return stays_of_files(files, institutions=institutions)
    store_ready()
    return stays_of_store()


@dip.command()
def build(
    stays: list[Path] = typer.Argument(None, help="住院文件(stay):CSV、NDJSON、Parquet,可多个;不写则用数据库里的住院"),
    out: Path = typer.Option(..., help="目录文件(JSON)"),
    institutions: Path | None = _INSTITUTIONS,
) -> None:
    """由近三年住院生成病种目录:核心病种、综合病种、分值、辅助目录。"""
    from yigongti.capabilities.payment.services.dip import dip_build
    from yigongti.spine.county_rules import county_rules

    made = dip_build(_stays(stays or [], institutions), out=out, book=county_rules())
    report = made.report
    typer.echo(
        f"{report['counted']:,} 例 → 核心病种 {report['core_groups']:,}、综合病种 {report['composite_groups']:,};"
        f"核心病种病例占 {report['core_share']:.1%}({'达到' if report['core_share_met'] else '未达到'}要求)"
    )
    for reason, count in report["left_out"].items():
        if count:
            typer.echo(f"说明:{count:,} 例未计入({_LEFT_OUT[reason]})")
    if report["core_groups_beyond_variation"]:
        typer.echo(f"说明:{len(report['core_groups_beyond_variation'])} 个核心病种的费用变异系数超过界限")
    typer.echo(f"{out}  {made.digest}")


_LEFT_OUT = {"no_diagnosis_or_cost": "没有主要诊断或费用", "before_three_years": "早于近三年", "too_long": "住院过长"}


@dip.command()
def group(
    stays: list[Path] = typer.Argument(None, help="住院文件(stay):CSV、NDJSON、Parquet;不写则用数据库里的住院"),
    catalogue: Path = typer.Option(..., help="目录文件"),
    out: Path = typer.Option(..., help="结果文件,格式看后缀"),
    institutions: Path | None = _INSTITUTIONS,
) -> None:
    """按目录给住院分组计分:病种、分值、调整后分值及理由。"""
    from yigongti.capabilities.payment.services.dip import dip_group
    from yigongti.spine.county_rules import county_rules

    done = dip_group(_stays(stays or [], institutions), catalogue=catalogue, out=out, book=county_rules())
    low, high = int((done.deviation < 0).sum()), int((done.deviation > 0).sum())
    typer.echo(f"{len(done.cases):,} 例 → {out};费用过低 {low:,} 例,费用过高 {high:,} 例")
    if blank := int((done.group < 0).sum()):
        typer.echo(f"说明:{blank:,} 例目录里没有对应病种")


@dip.command()
def compare(before: Path = typer.Argument(help="原目录"), after: Path = typer.Argument(help="新目录")) -> None:
    """两版目录相比:增减的病种、变动的分值。"""
    from yigongti.capabilities.payment.decisions.dip import compared
    from yigongti.capabilities.payment.services.dip import open_catalogue

    found = compared(open_catalogue(before), open_catalogue(after))
    typer.echo(f"新增 {len(found.added)} 个病种,取消 {len(found.removed)} 个,分值变动 {len(found.changed)} 个")
    for name, (old, new) in list(found.changed.items())[:50]:
        typer.echo(f"  {name}:{old / 10_000:g} → {new / 10_000:g}")
