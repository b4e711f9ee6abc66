"""The pooled account: money in and out, one posting at a time; it never goes below nothing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Sum

from yigongti.capabilities.finance.models import CENTRES, POOL, CentreCost, Kind, Posting, Run
from yigongti.capabilities.finance.services.members import members_of
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import yuan
from yigongti.spine.audit import trail

SOURCES = {
    "surplus": "医保结余留用", "appropriation": "财政补助", "public_health": "公共卫生服务经费",
    "contribution": "成员上缴", "other": "其他",
}  # fmt: skip
"""Where the pool's money comes from."""


def balance(consortium_id: str) -> int:
    """What the pooled account holds, in fen."""
    of_pool = Posting.objects.filter(consortium_id=consortium_id)
    into = Sum("amount_fen", filter=Q(to_owner=POOL), default=0)
    out = Sum("amount_fen", filter=Q(from_owner=POOL), default=0)
    sums = of_pool.aggregate(into=into, out=out)
    return int(sums["into"] - sums["out"])


@transaction.atomic
def take_in(
    consortium_id: str, *, source: str, amount_fen: int, memo: str, day: date, request_id: str, by: Any
) -> Posting:
    """Money arrives in the pool.  Raises Refusal for an unknown source, no amount, a day to come, no such consortium.

    Repeating a request id changes nothing.
    """
    members_of(consortium_id)
    if source not in SOURCES:
        raise Refusal(f"没有资金来源“{source}”", "来源", f"可选:{'、'.join(SOURCES)}")
    if amount_fen <= 0:
        raise Refusal(f"金额须大于 0(现为 {yuan(amount_fen)} 元)", "金额")
    if day > clock.today():
        raise Refusal(f"日期 {day} 还没有到", "日期")
    if earlier := Posting.objects.filter(request_id=request_id).first():
        return earlier
    given = Posting(
        consortium_id=consortium_id, from_owner=f"source:{source}", from_account=source, to_owner=POOL,
        to_account="balance", amount_fen=amount_fen, memo=(memo or SOURCES[source])[:200], day=day,
        request_id=request_id,
    )  # fmt: skip
    [made] = record([given], by=by)
    trail.record("finance_pool_in", actor=by.username, subject=f"posting:{made.pk}")
    return made


def record(postings: Iterable[Posting], *, by: Any) -> list[Posting]:
    """Write postings inside the caller's transaction, all or none.  Raises Refusal where the pool does not hold what
    they take from it."""
    made = list(postings)
    for consortium_id in sorted({posting.consortium_id for posting in made}):
        _refuse_overdraft(consortium_id, made)
    now = clock.now()
    for posting in made:
        posting.by, posting.at = by, now
    return list(Posting.objects.bulk_create(made, batch_size=500))


def _refuse_overdraft(consortium_id: str, made: Sequence[Posting]) -> None:
    lock_pool(consortium_id)
    own = [posting for posting in made if posting.consortium_id == consortium_id]
    out = sum(posting.amount_fen for posting in own if posting.from_owner == POOL)
    into = sum(posting.amount_fen for posting in own if posting.to_owner == POOL)
    if out > into and (held := balance(consortium_id)) < out - into:
        raise Refusal(
            f"资金池余额 {yuan(held)} 元,不够支付 {yuan(out - into)} 元",
            consortium_id,
            "资金池不能透支",
            "请先登记到账资金,或减少分配金额",
        )


def lock_pool(consortium_id: str) -> None:
    """One change of a consortium's pool at a time.  SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"finance_pool:{consortium_id}"])


@transaction.atomic
def note_centre_cost(
    consortium_id: str, *, centre: str, institution_id: str, month: str, amount_fen: int, evidence: str, by: Any
) -> CentreCost:
    """What a shared centre cost its host in a month; said again, it replaces what was said.

    Raises Refusal for an unknown centre, a host that is no member, no amount, or a month already apportioned.
    """
    if centre not in CENTRES:
        raise Refusal(f"没有共享中心“{centre}”", "共享中心", f"可选:{'、'.join(CENTRES)}")
    if institution_id not in members_of(consortium_id).with_books:
        raise Refusal(f"{institution_id} 不是 {consortium_id} 的成员", "承办机构", remedy="请选择成员单位")
    if amount_fen <= 0:
        raise Refusal(f"成本须大于 0(现为 {yuan(amount_fen)} 元)", "成本")
    first = date.fromisoformat(f"{month}-01")
    posted = Run.objects.filter(
        kind=Kind.APPORTIONMENT, consortium_id=consortium_id, posted_at__isnull=False, reversed_at__isnull=True,
        period_start__lte=first, period_end__gte=first,
    )  # fmt: skip
    if posted.exists():
        raise Refusal(f"{month} 的成本已分摊入账", month, remedy="请先冲销该期间的分摊")
    key = {"consortium_id": consortium_id, "centre": centre, "institution_id": institution_id, "month": month}
    told = {"amount_fen": amount_fen, "evidence": evidence[:200]}
    cost, _ = CentreCost.objects.update_or_create(**key, defaults=told)
    trail.record("finance_centre_cost", actor=by.username, subject=f"centre:{centre}:{month}", detail=told)
    return cost
