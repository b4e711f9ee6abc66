"""Stars for a visit or a stay."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.portal.models import Rating
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import Refusal
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.record.models import Entry

RATED = ("visit", "stay")
WITHIN = "portal.rate_within"


def rate(resident_id: str, *, table: str, key: str, stars: int, remark: str, by: Any, at: datetime) -> Rating:
    """Rate what the person's record has of an institution, once, within the rule's days.

    Raises Refusal: not in the record, too late, rated already, or stars out of bounds.
    """
    entry = Entry.objects.filter(resident_id=resident_id, table=table, key=key).first()
    if entry is None or table not in RATED or entry.institution_id is None:
        raise Refusal("档案里没有这次就诊", where=key, remedy="请从“评价服务”里选择")
    within = county_rules().find(WITHIN, on=day_of(at))
    if within.after(entry.day) < day_of(at):
        raise Refusal(f"就诊已超过 {within.text},不能再评价", where=str(entry.day), why=f"规则 {within.rule_id}")
    if not 1 <= stars <= 5:
        raise Refusal(f"星级 {stars} 不对", remedy="请选 1 到 5 星")
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                resident_id=resident_id, institution_id=entry.institution_id, table=table, key=key, stars=stars,
                remark=remark.strip()[:500], rated_at=at, rated_by=by,
            )  # fmt: skip
            trail.record("rate_service", actor=by.username, at=at, resident_id=resident_id, detail={"stars": stars})
    except IntegrityError:
        raise Refusal("这次就诊已经评价过了", why="一次就诊评价一次") from None
    return rating
