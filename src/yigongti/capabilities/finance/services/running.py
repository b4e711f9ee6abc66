"""A sharing on its way to the books: computed and kept, looked at, posted by another person, or taken back."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction

from yigongti import __version__
from yigongti.analytics import lake
from yigongti.capabilities.finance.models import FACTORS, POOL, CentreCost, Kind, Line, Posting, Run
from yigongti.capabilities.finance.services import bases
from yigongti.capabilities.finance.services.computing import Computed, Ground, compute
from yigongti.capabilities.finance.services.evaluated import BANDS, Evaluated, evaluated, unevaluated
from yigongti.capabilities.finance.services.members import Members, members_of
from yigongti.capabilities.finance.services.pool import record
from yigongti.capabilities.supervision.api import misused_standards
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate
from yigongti.kernel.periods import Period
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules

PREFIX = "finance."
BY_USE = frozenset({Kind.APPORTIONMENT, Kind.ZONES})
"""What is shared by use or need, not by results."""
ACCOUNTS = {
    Kind.DISTRIBUTION: "income.distribution",
    Kind.PERFORMANCE: "income.performance",
    Kind.PURCHASE: "income.purchase",
    Kind.ZONES: "income.zone",
}


@transaction.atomic
def prepare(kind: Kind, *, consortium_id: str, period: Period, total_fen: int, source: str, by: Any) -> Run:
    """Compute a sharing and keep it for looking at; the books do not change.

    total_fen: what is shared (an apportionment shares what the centres cost).  Raises Refusal as `compute`, where a
    member has no books, where the evaluation is not frozen, and where one of the period is posted already.
    """
    _refuse_twice(kind, consortium_id, period)
    if kind == Kind.PERFORMANCE:
        _refuse_quotas(period)
    members = members_of(consortium_id)
    rules = county_rules().on(period.end)
    given: Evaluated = (
        unevaluated(consortium_id=consortium_id, bands=rules[BANDS])
        if kind in BY_USE
        else evaluated(period, consortium_id=consortium_id, bands=rules[BANDS])
    )
    with bases.facts(period) as found:
        _refuse_without_books(found, members, period)
        computed = compute(kind, Ground(members, period, total_fen, rules, given), found)
    used = {name: [rules[name].key, rules[name].text] for name in sorted(rules) if name.startswith(PREFIX)}
    run = Run.objects.create(
        kind=kind, consortium_id=consortium_id, period_start=period.start, period_end=period.end,
        total_fen=computed.total_fen, left_fen=computed.left_fen, source=source, rules=used,
        evaluation_id=given.run_id, facts_as_of=_facts_as_of(), digest=_digest(computed, used),
        code_version=__version__, created_by=by,
    )  # fmt: skip
    Line.objects.bulk_create(_stored(run, computed), batch_size=500)
    trail.record("finance_prepared", actor=by.username, subject=f"sharing:{run.pk}")
    return run


@transaction.atomic
def post(run_id: str, *, by: Any) -> Run:
    """Enter a sharing into the books.  Raises Refusal where it is posted or taken back already, where the one who
    computed it posts it, where another of the period is posted, or where the pool does not hold the money."""
    run = _locked(run_id)
    if run.posted_at:
        raise Refusal(f"这次{Kind(run.kind).label}{run.state}", run.pk, remedy="请勿重复入账")
    if run.created_by_id == by.pk:
        raise Refusal("测算和入账须由两个人办理", run.pk, "资金分配不相容岗位分离", "请由另一位有权的人员入账")
    period = Period(run.period_start, run.period_end)
    _refuse_twice(Kind(run.kind), run.consortium_id, period)
    now = clock.now()
    run.posted_at, run.posted_by = now, by
    run.save(update_fields=["posted_at", "posted_by"])
    record(_of_run(run, _postings(run)), by=by)
    trail.record("finance_posted", actor=by.username, at=now, subject=f"sharing:{run.pk}")
    return run


@transaction.atomic
def take_back(run_id: str, *, reason: str, by: Any) -> Run:
    """Reverse a posted sharing: every posting again, the other way round; the run stays, marked.

    Raises Refusal without a reason, or where it is not posted or taken back already.
    """
    run = _locked(run_id)
    if not reason.strip():
        raise Refusal("请写明冲销的理由", run.pk)
    if not run.posted_at or run.reversed_at:
        raise Refusal(f"这次{Kind(run.kind).label}是“{run.state}”,不能冲销", run.pk)
    record(_of_run(run, _reversed(run, reason.strip())), by=by)
    run.reversed_at = clock.now()
    run.save(update_fields=["reversed_at"])
    trail.record("finance_reversed", actor=by.username, subject=f"sharing:{run.pk}", detail={"reason": reason})
    return run


def _of_run(run: Run, postings: Iterable[Posting]) -> Iterator[Posting]:
    done = run.postings.count()
    for number, posting in enumerate(postings, start=done):
        posting.run, posting.day, posting.request_id = run, clock.today(), f"{run.pk}:{number}"
        posting.consortium_id = run.consortium_id
        yield posting


def _reversed(run: Run, reason: str) -> Iterator[Posting]:
    """Every posting the other way round."""
    for made in run.postings.order_by("pk"):
        yield Posting(
            from_owner=made.to_owner, from_account=made.to_account, to_owner=made.from_owner,
            to_account=made.from_account, amount_fen=made.amount_fen, memo=f"冲销:{reason}"[:200],
        )  # fmt: skip


def _locked(run_id: str) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise Refusal(f"没有批次“{run_id}”", "批次编号", remedy="请核对批次编号")
    return run


def _refuse_twice(kind: Kind, consortium_id: str, period: Period) -> None:
    same = Run.objects.filter(
        kind=kind, consortium_id=consortium_id, posted_at__isnull=False, reversed_at__isnull=True,
        period_start__lte=period.end, period_end__gte=period.start,
    ).first()  # fmt: skip
    if same is not None:
        said = Period(same.period_start, same.period_end).label
        raise Refusal(
            f"{consortium_id} {said} 的{kind.label}已入账", same.pk, "同一期间只分一次", "如有错误,先冲销再重做"
        )


def _refuse_quotas(period: Period) -> None:
    """A payment standard must not become a doctor's quota by way of pay."""
    if misused := misused_standards(county_rules(), on=period.end):
        raise Refusal(misused[0], "绩效规则", "支付标准不得作为医务人员的限额或考核指标", "请改正本县的绩效规则")


def _refuse_without_books(found: bases.Facts, members: Members, period: Period) -> None:
    finance = found.of("finance")
    months = [month.label for month in period.months()]
    booked = set(found.counted(finance.filter(finance.month.isin(months)), "institution_id"))
    if missing := [member for member in members.with_books if member not in booked]:
        some = "、".join(missing[:5]) + (" 等" if len(missing) > 5 else "")
        raise Refusal(
            f"{some} {len(missing)} 家成员没有 {period.label} 的账",
            "finance",
            "成员单位单独设账、集中核算(云南省十七条第六条)",
            "请先装载这些成员的财务数据",
        )


def _postings(run: Run) -> Iterator[Posting]:
    """What a sharing does to the books: the pool pays the members; a centre's users pay its hosts."""
    if run.kind == Kind.APPORTIONMENT:
        yield from _to_hosts(run)
        return
    account = ACCOUNTS[Kind(run.kind)]
    for line in run.lines.filter(amount_fen__gt=0).order_by("pk"):
        owner = line.institution_id or f"zone:{line.zone_id}"
        memo = f"{Kind(run.kind).label} · {FACTORS.get(line.factor, line.factor)}"
        yield Posting(
            from_owner=POOL, from_account="balance", to_owner=owner,
            to_account=account, amount_fen=line.amount_fen, memo=memo,
        )  # fmt: skip


def _to_hosts(run: Run) -> Iterator[Posting]:
    """A user's part of a centre's cost goes to the hosts that bore it, by what each bore; nobody pays itself."""
    months = [month.label for month in Period(run.period_start, run.period_end).months()]
    costs = CentreCost.objects.filter(consortium_id=run.consortium_id, month__in=months).order_by("pk")
    borne: dict[str, dict[str, int]] = {}
    for cost in costs:
        hosts = borne.setdefault(cost.centre, {})
        hosts[cost.institution_id] = hosts.get(cost.institution_id, 0) + cost.amount_fen
    for line in run.lines.order_by("pk"):
        hosts = borne[line.factor]
        for host, amount in zip(hosts, allocate(line.amount_fen, list(hosts.values())), strict=True):
            if amount and host != line.institution_id:
                yield Posting(
                    from_owner=line.institution_id, from_account="cost.shared_centre",
                    to_owner=host, to_account="income.shared_centre", amount_fen=amount,
                    memo=f"共享中心成本分摊 · {FACTORS[line.factor]}",
                )  # fmt: skip


def _stored(run: Run, computed: Computed) -> Iterator[Line]:
    is_zone = run.kind == Kind.ZONES
    for each in computed.lines:
        yield Line(
            run=run, institution_id=None if is_zone else each.member, zone_id=each.member if is_zone else "",
            factor=each.factor, weight=str(each.weight), pot_fen=each.pot_fen, basis=str(each.basis),
            whole=str(each.whole), coefficient=str(each.coefficient), price_fen=each.price_fen,
            amount_fen=each.amount_fen,
        )  # fmt: skip


def _facts_as_of() -> Any:
    return max((moment for name in bases.READS if (moment := lake.facts_as_of(name))), default=None)


def _digest(computed: Computed, used: dict[str, list[str]]) -> str:
    text = json.dumps([asdict(computed), used], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
