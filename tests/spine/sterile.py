"""The workflow that the tests of the kernel and of the case engine use: a member's instrument packs at the centre."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from yigongti.kernel.decisions import Decision, Reason
from yigongti.kernel.facts import Column, Kind
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.cases import bindings
from yigongti.spine.cases.bindings import Binding
from yigongti.spine.cases.models import Case

DEADLINE = "referral.accept_within"

STERILE_SUPPLY = Workflow(
    "sterile_supply", label="消毒供应",
    states={"requested": "已申领", "collected": "已回收", "sterilised": "已灭菌", "delivered": "已发放",
            "used": "已使用", "failed": "灭菌不合格", "cancelled": "已撤销"},
    initial="requested", final={"used", "cancelled"},
    steps=(
        Step("collect", "requested", "collected", by="technician", at="centre", label="回收", deadline=DEADLINE),
        Step("sterilise", "collected", "sterilised", by="technician", at="centre", label="灭菌",
             needs=("batch", "indicator_passed"), asks=("cycles",), guard="batch_passed"),
        Step("fail", "collected", "failed", by="technician", at="centre", label="判为不合格", needs=("reason",)),
        Step("repeat", "failed", "collected", by="technician", at="centre", label="重新灭菌"),
        Step("deliver", "sterilised", "delivered", by="technician", at="centre", label="发放", effect="stamp"),
        Step("use", "delivered", "used", by="clinician", at="member", label="使用", needs=("resident",)),
        Step("cancel", "requested", "cancelled", by="clinician", at="member", label="撤销", needs=("reason",)),
    ),
    fields=(Column("batch", "灭菌批次", Kind.TEXT), Column("indicator_passed", "指示卡合格", Kind.FLAG),
            Column("cycles", "循环次数", Kind.INTEGER, low=1, high=3)),
)  # fmt: skip


def batch_passed(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    if data["indicator_passed"]:
        return Decision("allow")
    return Decision("refuse", (Reason("sterile_supply.indicator", "", "指示卡未通过,这一批不能发放"),))


def stamp(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.title = f"{case.title}(已贴标)"


BOUND: dict[str, Any] = {"guards": {"batch_passed": batch_passed}, "effects": {"stamp": stamp}}


@contextmanager
def in_use(model: type[Case] = Case) -> Iterator[Binding]:
    """The workflow bound and registered, and gone again afterwards."""
    try:
        yield bindings.bind(Binding(STERILE_SUPPLY, model=model, **BOUND))
    finally:
        bindings._bound.pop(STERILE_SUPPLY.id, None)
        REGISTRY.workflows._found.pop(STERILE_SUPPLY.id, None)  # type: ignore[attr-defined]  # taken back for the next test
