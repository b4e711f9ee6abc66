"""A stay put forward to be judged by itself (特例单议); every later run judges it within the year's quota."""

from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.http import Http404

from yigongti.analytics import lake
from yigongti.capabilities.payment.decisions.special_cases import APPLY_WITHIN, GROUND_LABELS
from yigongti.capabilities.payment.models import Clearing, SpecialCase
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules


@transaction.atomic
def put_forward(stay_id: str, *, ground: str, note: str, by: Any) -> SpecialCase:
    """Apply for a stay of one's own institution.  Raises Http404 for a stay outside one's scope, Refusal for one put
    forward already, an unknown ground, an application too late, or a year that is cleared."""
    stay = _stay(stay_id)
    if stay is None or not scope_of(by).covers(stay["institution_id"]):
        raise Http404(f"no stay {stay_id} inside the scope")
    if ground not in GROUND_LABELS:
        raise Refusal(f"不认识的理由“{ground}”", stay_id, remedy=f"用 {'、'.join(GROUND_LABELS)}")
    if SpecialCase.objects.filter(pk=stay_id).exists():
        raise Refusal("这次住院已经申报", stay_id, "一次住院只申报一次", "等结算时评议")
    day, within = stay["discharged_on"], county_rules().find(APPLY_WITHIN, on=stay["discharged_on"])
    if clock.today() > within.after(day):
        raise Refusal(
            f"{day} 出院,已过申报期限", stay_id, f"{within.rule_id}:出院后 {within.text}内申报", "期限内申报的才评议"
        )
    if Clearing.objects.filter(year=day.year).exists():
        raise Refusal(f"{day.year} 年已经清算", stay_id, "清算以后不再评议", "确有错误的,走清算更正")
    return SpecialCase.objects.create(
        stay_id=stay_id, year=day.year, institution_id=stay["institution_id"], ground=ground, note=note,
        applied_on=clock.today(), by=by,
    )  # fmt: skip


def _stay(stay_id: str) -> dict[str, Any] | None:
    paths = lake.paths("stay")
    if not paths:
        return None
    columns = ["stay_id", "institution_id", "discharged_on"]
    found = pq.read_table(paths, columns=columns, filters=pc.field("stay_id") == stay_id).to_pylist()
    return found[0] if found else None
