"""A run confirmed as the clearing of its year; a later correction is another run that says what it corrects."""

from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.payment.decisions.quality import needs_evaluation
from yigongti.capabilities.payment.models import Clearing, Run
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.runs.storing import refuse_unless_evaluated
from yigongti.capabilities.payment.services.settle import pack_of
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules


@transaction.atomic
def clear_year(run_id: str, *, by: Any, corrects: str = "", reason: str = "") -> Clearing:
    """Make a run the clearing of its year, and keep the facts it rests on.

    corrects: the cleared run that this one corrects, with the reason; without it a year is cleared once.
    Raises Refusal for a year not over, a run by another place's rules, an evaluation that is needed and not frozen, a
    second clearing, a correction without reason or of what is corrected already, and facts that have gone since.
    """
    run = _run(run_id)
    _check_run(run)
    corrected = _corrected(run, corrects, reason)
    run.inputs = inputs.keep(run)
    run.save(update_fields=["inputs"])
    clearing = _confirmed(Clearing(year=run.year, run=run, corrects=corrected, reason=reason.strip(), by=by))
    who = by.username if by else "system"
    trail.record("clear_year", actor=who, subject=f"settlement:{run.pk[:16]}", detail={"year": run.year})
    return clearing


def _confirmed(clearing: Clearing) -> Clearing:
    """The clearing in the books.  Raises Refusal where somebody else was first."""
    clearing.at = clock.now()
    try:
        with transaction.atomic():
            clearing.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            f"{clearing.year} 年刚刚由他人清算", clearing.run_id[:16], "一年只清算一次", "刷新后查看现行的清算"
        ) from error
    return clearing


def _run(run_id: str) -> Run:
    """A run by its id or the beginning of it.  Raises Refusal where none or several answer to it."""
    found = list(Run.objects.select_for_update().filter(pk__startswith=run_id)[:2]) if run_id else []
    if len(found) != 1:
        raise Refusal(f"没有编号为“{run_id}”的结算批次", remedy="编号见 yigongti settle 的 run,写前十余位即可")
    return found[0]


def _check_run(run: Run) -> None:
    book = county_rules()
    if clock.today() <= run.last_day:
        raise Refusal(f"{run.year} 年还没有结束,不能清算", run.pk[:16], "清算针对全年", "年度结束、数据齐全后再清算")
    if run.pack != pack_of(book):
        raise Refusal(f"这一批次按 {run.pack} 的办法试算", run.pk[:16], "清算只按本县的规则", "不加 --pack 重新结算")
    consortia = list(run.pools.order_by("consortium_id").values_list("consortium_id", flat=True).distinct())
    refuse_unless_evaluated(run.year, book, consortia)
    if not run.evaluation_id and _asked_for_evaluation(run):
        raise Refusal("这一批次是年度评价固化之前试算的", run.pk[:16], "考核系数未取自评价", "重新结算后再清算")


def _asked_for_evaluation(run: Run) -> bool:
    return needs_evaluation(county_rules().on(run.last_day, run.known_on))


def _corrected(run: Run, corrects: str, reason: str) -> Clearing | None:
    """The clearing that is corrected, or None for the first of its year."""
    standing = Clearing.objects.filter(year=run.year, corrected_by__isnull=True).select_related("run").first()
    if Clearing.objects.filter(run=run).exists():
        raise Refusal("这一批次已经是清算", run.pk[:16], "一次清算只确认一次", "不需要再次确认")
    if standing is None:
        if corrects:
            raise Refusal(f"{run.year} 年还没有清算,无从更正", corrects, remedy="先清算,不写更正对象")
        return None
    if not corrects:
        raise Refusal(
            f"{run.year} 年已经清算,不能再次清算",
            f"清算批次 {standing.run_id[:16]},{standing.at:%Y-%m-%d}",
            "一年只清算一次",
            f"有错误的,写明更正哪一次和原因:--corrects {standing.run_id[:16]} --why …",
        )
    if not standing.run_id.startswith(corrects):
        raise Refusal(
            f"现行的清算不是 {corrects}", f"现行的是 {standing.run_id[:16]}", "更正针对现行的清算", "改正编号"
        )
    if not reason.strip():
        raise Refusal("更正没有写原因", f"更正 {standing.run_id[:16]}", "更正须留痕", "用 --why 写明原因")
    return standing
