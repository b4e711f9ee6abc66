"""Whether a task may be closed with an outcome: “achieved” is not typed against what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from yigongti.capabilities.ledger.decisions.lights import Standing
from yigongti.kernel.decisions import ALLOWED, Decision, refuse


@dataclass(frozen=True)
class Judged:
    """A target in words, and its standing."""

    text: str
    standing: Standing


def may_close(outcome: str, targets: Sequence[Judged]) -> Decision:
    """achieved: no measured target is missed; ended: there is no target; unachieved: always, with its reason."""
    if outcome == "achieved" and not targets:
        return refuse("没有量化目标,请选“任务已办结,无量化目标”")
    if outcome == "ended" and targets:
        return refuse(f"还有 {len(targets)} 个量化目标,请按是否实现选择")
    missed = [each.text for each in targets if each.standing.why not in ("met", "unbound", "no_value")]
    if outcome == "achieved" and missed:
        return refuse(f"监测结果显示未达到:{'、'.join(missed)}")
    return ALLOWED
