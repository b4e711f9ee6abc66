"""A year settled from the lake, and the run kept: pools and lines in the record store, single stays in Parquet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from yigongti import __version__
from yigongti.analytics.lake import pinned
from yigongti.capabilities.measure.api.evaluations import frozen_evaluation
from yigongti.capabilities.payment.decisions.pools import Cleared, Line
from yigongti.capabilities.payment.decisions.quality import needs_evaluation, quality_of
from yigongti.capabilities.payment.models import LineResult, PoolResult, Run, SpecialCase
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.runs.trials import drop_old_trials
from yigongti.capabilities.payment.services.settle import Given, PutForward, Settlement, settle, supposed
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

CASES = "cases.parquet"
BATCH = 2000


@dataclass(frozen=True)
class Settled:
    """A settlement with the run that keeps it (None for a supposition), and what the reader should know of it."""

    settlement: Settlement
    run: Run | None
    notes: tuple[str, ...]


def settle_year(year: int, *, book: RuleBook | None = None, scheme: str = "", by: Any = None) -> Settled:
    """Settle a year from the facts at hand and keep the run; the same facts and rules give the same run again.  Older
    trial runs of the year go (`drop_old_trials`).

    book: the county's rules, or those of another place; scheme: a DRG scheme other than the rule's.
    Raises Refusal as `settle` does, and then keeps nothing.
    """
    ruled = book or county_rules()
    given, evaluation, notes = _given(year, ruled, scheme)
    sources, record = inputs.present()
    found = settle(year, book=ruled, sources=sources, home=home().path, given=given, known_on=clock.today())
    known = Run.objects.filter(pk=found.run)
    known.filter(clearing__isnull=True).update(inputs=record)  # the same facts may lie in other files by now
    run = known.first() or _store(found, given=given, inputs_=record, evaluation=evaluation, by=by)
    dropped = drop_old_trials(run, on=clock.today())
    told = (f"只保留最近的试算,移去 {year} 年更早的试算 {dropped} 批",) if dropped else ()
    return Settled(found, run, (*notes, *told))


def suppose(
    year: int, settings: Iterable[str], *, book: RuleBook | None = None, scheme: str = ""
) -> tuple[Settled, Settled]:
    """A year as it is by the county's rules and as it would be, with `RULE=VALUE` taken as true, by the rules of
    `book` or the county's; neither is kept."""
    ruled = county_rules()
    given, _evaluation, notes = _given(year, ruled, "")
    other = Given(scheme, given.quality, given.special)
    sources, _record = inputs.present()

    def settled(rules: RuleBook, with_: Given) -> Settled:
        found = settle(year, book=rules, sources=sources, home=home().path, given=with_)
        return Settled(found, None, notes)

    return settled(ruled, given), settled(supposed(book or ruled, settings), other)


def _given(year: int, book: RuleBook, scheme: str) -> tuple[Given, str, tuple[str, ...]]:
    """What the clearing is given beside facts and rules; the evaluation it comes from; what to tell."""
    special = [
        PutForward(each.stay_id, each.ground, each.applied_on)
        for each in SpecialCase.objects.filter(year=year).order_by("stay_id")
    ]
    evaluation, quality, notes = _quality(year, book)
    return Given(scheme, quality, special), evaluation, notes


def _quality(year: int, book: RuleBook) -> tuple[str, dict[str, Fraction], tuple[str, ...]]:
    rules = book.on(_last_day(year))
    if not needs_evaluation(rules):
        return "", {}, ()
    evaluation = frozen_evaluation(year)
    if evaluation is None:
        return "", {}, (f"{year} 年度评价尚未固化:这是试算,考核系数暂按规则的数;固化后才能清算",)
    verdicts = evaluation.by_consortium
    quality = {name: quality_of(each.met, each.judged, rules=rules) for name, each in verdicts.items()}
    return evaluation.run_id, quality, ()


def _last_day(year: int) -> date:
    return date(year, 12, 31)


def _store(found: Settlement, *, given: Given, inputs_: pinned.Record, evaluation: str, by: Any) -> Run:
    path = inputs.folder_of(found.run) / CASES
    _write(found, path)
    run = Run(
        id=found.run,
        year=found.year,
        pack=found.pack,
        known_on=clock.today(),
        scheme=found.scheme,
        rules=dict(found.rules),
        given=given.as_dict(),
        inputs=inputs_,
        evaluation_id=evaluation,
        answers=[_answer(each) for each in found.answers],
        names=_names_used(found),
        cases_file=str(path.relative_to(home().path)),
        cases_sha256=inputs.digest_of(path),
        cases_rows=found.cases.num_rows,
        result_hash=found.result_digest,
        code_version=__version__,
        created_by=by,
    )
    with transaction.atomic():
        run.save(force_insert=True)
        for cleared in found.pools:
            pool = PoolResult(run=run, **_pool_columns(cleared))
            pool.save(force_insert=True)
            LineResult.objects.bulk_create(
                (LineResult(pool=pool, **_line_columns(line)) for line in cleared.lines), batch_size=BATCH
            )
    return run


def _write(found: Settlement, path: Path) -> None:
    """The whole file, or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    pq.write_table(found.cases.combine_chunks(), part, compression="zstd")
    part.replace(path)


def _names_used(found: Settlement) -> dict[str, str]:
    used = set(found.cases["group"].unique().to_pylist())
    return {code: name for code, name in found.names.items() if code in used}


def _answer(judged: Any) -> dict[str, Any]:
    one = judged.application
    return {
        "stay_id": one.stay_id,
        "outcome": judged.decision.outcome,
        "cost_fen": one.cost_fen,
        "standard_fen": one.standard_fen,
        "recognised_fen": judged.recognised_fen,
        "reasons": [[reason.rule_id, reason.text] for reason in judged.decision.reasons],
    }


def _pool_columns(cleared: Cleared) -> dict[str, Any]:
    pool, account, lines = cleared.pool, cleared.account, [line for line in cleared.lines if line.claim.in_county]
    return {
        "consortium_id": pool.consortium_id,
        "insured_as": pool.insured_as,
        "scheme": pool.scheme,
        "budget_fen": pool.budget_fen,
        "reserved_fen": account.reserved_fen,
        "outside_fen": account.outside_fen,
        "stays_fen": account.stays_fen,
        "visits_fen": account.visits_fen,
        "self_fen": sum(line.claim.inpatient.self_fen for line in lines),
        "points_e4": sum(line.claim.inpatient.weight for line in lines),
        "people": sum(line.claim.outpatient.weight for line in lines),
        "final_fen": cleared.final_fen,
        "kept_by_fund_fen": cleared.kept_by_fund_fen,
        "fund_share_fen": cleared.fund_share_fen,
        "quality": str(account.quality),
        "tie": str(account.tie),
        "in_region": "" if pool.in_region is None else str(pool.in_region),
    }


def _line_columns(line: Line) -> dict[str, Any]:
    claim = line.claim
    return {
        "institution_id": claim.institution_id,
        "in_county": claim.in_county,
        "member": claim.member,
        "stays": claim.inpatient.cases,
        "visits": claim.outpatient.cases,
        "people": claim.outpatient.weight,
        "points_e4": claim.inpatient.weight,
        "stays_recorded_fen": claim.inpatient.recorded_fen,
        "stays_self_fen": claim.inpatient.self_fen,
        "visits_recorded_fen": claim.outpatient.recorded_fen,
        "worth_fen": line.due.worth_fen,
        "stays_due_fen": line.due.stays_fen,
        "visits_due_fen": line.due.visits_fen,
        "surplus_kept_fen": line.surplus_kept_fen,
        "overrun_borne_fen": line.overrun_borne_fen,
        "final_fen": line.final_fen,
    }


def refuse_unless_evaluated(year: int, book: RuleBook, consortia: Sequence[str]) -> None:
    """Raises Refusal where the rules take the quality factor from an evaluation that is not frozen, or that does not
    know a consortium of the budget."""
    if not needs_evaluation(book.on(_last_day(year))):
        return
    evaluation = frozen_evaluation(year)
    if evaluation is None:
        raise Refusal(
            f"{year} 年度评价尚未固化,不能清算",
            "payment.clearing.by_evaluation",
            "本地规定清算的考核系数取自固化的年度评价",
            f"先 yigongti evaluate --kind annual --period {year} --freeze",
        )
    unknown = sorted(set(consortia) - set(evaluation.by_consortium))
    if unknown:
        raise Refusal(
            f"年度评价里没有医共体 {'、'.join(unknown)}",
            evaluation.run_id,
            "考核系数按医共体取",
            "补齐后重做年度评价并固化",
        )
