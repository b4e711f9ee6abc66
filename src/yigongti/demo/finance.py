"""The demonstration consortia's money: what shared centres cost, a pooled account, an apportionment in the books, and a
distribution where the year's evaluation is frozen."""

from datetime import date
from typing import Any

from django.db import transaction

from yigongti.analytics import lake
from yigongti.capabilities.finance.models import CENTRES, Kind
from yigongti.capabilities.finance.services.pool import note_centre_cost, take_in
from yigongti.capabilities.finance.services.running import post, prepare
from yigongti.capabilities.measure.api.evaluations import frozen_evaluation
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period
from yigongti.spine.places.models import Institution

COST_A_MONTH = {"imaging": 4_800_000, "ecg": 900_000, "lab": 3_600_000, "pathology": 1_500_000}
"""What a centre costs in a month, in fen; invented."""
SURPLUS = 180_000_000
"""The surplus that reaches the pool, in fen; invented."""


@transaction.atomic
def fill_finance(*, manager: Any, bureau: Any) -> int:
    """Both consortia's centres, pools and first sharings; returns how many sharings are posted.

    manager reckons and bureau posts: two people, as the books demand.
    """
    year = _last_year()
    leads = Institution.objects.filter(is_lead=True, in_county=True).exclude(consortium_id=None).order_by("pk")
    return sum(_fill(lead, year, manager, bureau) for lead in leads) if year else 0


def _last_year() -> int | None:
    """The latest year of which the lake has all months."""
    newest = lake.facts_as_of("finance")
    return newest.year - 1 if newest else None


def _fill(lead: Institution, year: int, manager: Any, bureau: Any) -> int:
    months = Period(date(year, 1, 1), date(year, 12, 31)).months()
    for centre in CENTRES:
        for month in months:
            note_centre_cost(
                lead.consortium_id, centre=centre, institution_id=lead.pk, month=month.label,
                amount_fen=COST_A_MONTH[centre], evidence="演示:中心月度成本表", by=manager,
            )  # fmt: skip
    take_in(
        lead.consortium_id, source="surplus", amount_fen=SURPLUS, memo=f"{year} 年医保结余留用(演示)",
        day=date(year + 1, 3, 31), request_id=f"demo:{lead.consortium_id}:{year}", by=bureau,
    )  # fmt: skip
    kinds = [Kind.APPORTIONMENT, *([Kind.DISTRIBUTION] if frozen_evaluation(year) else [])]
    return sum(_share(kind, lead, year, manager, bureau) for kind in kinds)


def _share(kind: Kind, lead: Institution, year: int, manager: Any, bureau: Any) -> int:
    """1 where it is in the books; 0 where a very small county gives nothing to go by (a centre that nobody used)."""
    period = Period(date(year, 1, 1), date(year, 12, 31))
    try:
        run = prepare(kind, consortium_id=lead.consortium_id, period=period, total_fen=SURPLUS, source="医保结余留用",
                      by=manager)  # fmt: skip
    except Refusal:
        return 0
    post(run.pk, by=bureau)
    return 1
