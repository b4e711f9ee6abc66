"""`yigongti measure`, `indicators`, `why`, `evaluate`, `refresh`: numbers out."""

import json
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yigongti.kernel.errors import Refusal
from yigongti.site.command_line.ready import django_ready, store_ready

if TYPE_CHECKING:
    from yigongti.kernel.periods import Period

DAY = ["%Y-%m-%d"]


class Form(StrEnum):
    """How results are written."""

    JSON = "json"
    CSV = "csv"
    TABLE = "table"


class Evaluation(StrEnum):
    """What is evaluated."""

    HALF_YEAR = "half-year"
    ANNUAL = "annual"


def measure(
    start: datetime = typer.Option(..., "--from", formats=DAY, help="第一天"),
    end: datetime = typer.Option(..., "--to", formats=DAY, help="最后一天"),
    indicator: list[str] = typer.Option([], help="只算这些指标(可重复)"),
    by: str = typer.Option("", help="分组,逗号分隔:month,institution,level,zone,consortium,town"),
    form: Form = typer.Option(Form.TABLE, "--format", help="json、csv 或 table"),
) -> None:
    """计算指标:任意期间、任意分组,直接取自数据湖。"""
    store_ready()
    from rich.console import Console

    from yigongti.capabilities.measure.services.answering import measure as compute
    from yigongti.capabilities.measure.web import printed

    groups = [group.strip() for group in by.split(",") if group.strip()]
    results = compute(_period(start, end), indicators=indicator, by=groups)
    if form is Form.TABLE:
        Console().print(printed.as_table(results))
    else:
        typer.echo(printed.as_json(results) if form is Form.JSON else printed.as_csv(results), nl=form is Form.JSON)


def indicators(as_json: bool = typer.Option(False, "--json", help="输出 JSON")) -> None:
    """列出全部指标:定义、单位、导向、分组、规则、目标、出处。"""
    django_ready()
    from yigongti.capabilities.measure.services.catalogue import catalogue

    if as_json:
        typer.echo(json.dumps(catalogue(), ensure_ascii=False, indent=1))
        return
    for each in catalogue():
        typer.echo(f"{each['id']}  {each['label']}({each['source']})")


def why(
    indicator: str = typer.Argument(help="指标编号"),
    start: datetime | None = typer.Option(None, "--from", formats=DAY, help="第一天"),
    end: datetime | None = typer.Option(None, "--to", formats=DAY, help="最后一天"),
    by: list[str] = typer.Option([], help="只看一组,如 institution=I-TC-01(可重复)"),
    out: Path = typer.Option(Path("why"), help="把数字背后的记录写到哪个文件夹"),
) -> None:
    """一个数从哪里来:定义、条款、规则、查询、行数,并导出背后的记录。"""
    store_ready()
    from rich.console import Console

    from yigongti.capabilities.measure.services.answering import why as explain
    from yigongti.capabilities.measure.services.runs import usual_period
    from yigongti.capabilities.measure.web.printed import explained

    if bool(start) != bool(end):
        raise Refusal("--from 和 --to 要一起给", remedy="两个都写,或都不写(用最近十二个月)")
    period = _period(start, end) if start and end else usual_period()
    Console().print(explained(explain(indicator, period, out=out, by=dict(_pair(each) for each in by))))


def evaluate(
    kind: Evaluation = typer.Option(..., help="half-year 或 annual"),
    period: str = typer.Option(..., help="2026H1 或 2026"),
    freeze: bool = typer.Option(False, "--freeze", help="固化:结果、数据和规则版本不再改变"),
    by: str = typer.Option("", help="固化人的登录名"),
) -> None:
    """半年监测或年度评价:计算、预警,并可固化。"""
    store_ready()
    from yigongti.capabilities.measure.services import freezing, runs
    from yigongti.spine.access.models import User

    who = User.objects.filter(username=by).first()
    if by and who is None:
        raise Refusal(f"没有登录名为“{by}”的账号", where="--by", remedy="请核对登录名,或不写 --by")
    run = runs.evaluate(kind.replace("-", "_"), period=period)
    if freeze:
        freezing.freeze(run.pk, by=who)
    typer.echo(f"{run} {run.pk}:{run.values.filter(level='county').count()} 项指标,预警 {run.warnings.count()} 条")


def refresh(through: str = typer.Option("", help="算到哪个月,如 2025-12;默认最后一个完整月")) -> None:
    """重新计算页面显示的全部结果。"""
    store_ready()
    from yigongti.capabilities.measure.services.runs import refresh as compute

    typer.echo(f"已计算:{compute(through=through)}")


def _period(start: date, end: date) -> "Period":
    from yigongti.kernel.periods import Period

    return Period(date(start.year, start.month, start.day), date(end.year, end.month, end.day))


def _pair(text: str) -> tuple[str, str]:
    group, equals, value = text.partition("=")
    if not equals:
        raise Refusal(f"看不懂“--by {text}”", remedy="请写成 组=值,如 institution=I-TC-01")
    return group.strip(), value.strip()
