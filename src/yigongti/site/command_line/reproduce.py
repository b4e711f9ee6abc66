"""`yigongti reproduce RUN`: a run of indicators, an evaluation or a settlement worked out again."""

import typer

from yigongti.kernel.errors import Refusal
from yigongti.site.command_line.ready import store_ready

_SHOWN = 20


def reproduce(run: str = typer.Argument(help="批次编号:指标、评价或结算的批次;结算批次写前十余位即可")) -> None:
    """按记录的数据和规则重算一个批次,逐位比较;不一致以 3 退出。"""
    store_ready()
    is_identical = _figures(run) if _is_of_figures(run) else settlement(run)
    raise typer.Exit(0 if is_identical else 3)


def _is_of_figures(run: str) -> bool:
    from yigongti.capabilities.measure.models import Run as Measured
    from yigongti.capabilities.payment.models import Run as Settled

    if Measured.objects.filter(pk=run).exists():
        return True
    if run and Settled.objects.filter(pk__startswith=run).exists():
        return False
    raise Refusal(f"没有编号为“{run}”的批次", remedy="编号见 yigongti measure、evaluate 或 settle 的输出")


def _figures(run: str) -> bool:
    from yigongti.capabilities.measure.services.freezing import reproduce as again

    found = again(run)
    typer.echo("一致:全部数值逐位相同" if found.is_identical else f"不一致:{len(found.differences)} 个数值不同")
    for each in found.differences[:_SHOWN]:
        typer.echo(
            f"  {each.indicator} {each.level} {each.group}: {each.recorded} → {each.again} {','.join(each.columns)}"
        )
    return found.is_identical


def settlement(run: str) -> bool:
    """Work a settlement out again and tell; returns whether it came out as it was."""
    from yigongti.capabilities.payment.services.runs import reproduce as again

    found = again(run)
    for rule, recorded, now in found.changed:
        typer.echo(f"  规则 {rule}:{recorded} → {now}")
    if not found.kept_file_is_whole:
        typer.echo("  逐例结果文件已不是当时所写")
    typer.echo("一致:每一行、每一例逐位相同" if found.is_identical else "不一致:重算结果与记录不同")
    return found.is_identical
