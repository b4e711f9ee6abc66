"""Joint inspections: the lot drawn once, kept with its seed, and drawn again by anybody who doubts it."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.supervision.decisions.sampling import Drawn, draw
from yigongti.capabilities.supervision.models import Inspection, InspectionDraw
from yigongti.capabilities.supervision.workflow import INSPECTORS
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.places.models import Institution

PER_INSTITUTION = "supervision.inspection.inspectors"


@transaction.atomic
def draw_inspection(
    title: str, *, kinds: Sequence[str], inspectors: Sequence[str], count: int, by: Any, at: datetime, seed: str = ""
) -> Inspection:
    """Draw `count` institutions of the kinds, each with as many inspectors as the rule asks, and keep the lot.

    seed: a fresh random one where none is given.  Raises NotAllowed, or Refusal where there are too few to draw from.
    """
    if not may(by, INSPECTORS):
        raise NotAllowed("双随机抽查由医保经办或卫生健康局发起", remedy="请转交有权办理的人员")
    if not title.strip():
        raise Refusal("请填写抽查名称")
    people = sorted({name.strip() for name in inspectors if name.strip()})
    chosen = seed.strip() or secrets.token_hex(8)
    each = int(county_rules().find(PER_INSTITUTION, on=at.date()).number)
    places = sorted(_open_places(kinds, at))
    drawn = draw(places, people, count=count, each=each, seed=chosen)
    kept = Inspection.objects.create(
        title=title.strip()[:120], seed=chosen, institutions=places, inspectors=people, count=count, each=each, at=at,
        by_id=by.pk,
    )  # fmt: skip
    InspectionDraw.objects.bulk_create([
        InspectionDraw(inspection=kept, place=place, institution_id=one.institution_id, inspectors=list(one.inspectors))
        for place, one in enumerate(drawn)
    ])  # fmt: skip
    trail.record("draw_inspection", actor=by.username, at=at, subject=f"inspection:{kept.pk}", detail={"seed": chosen})
    return kept


def drawn_again(inspection: Inspection) -> list[Drawn]:
    """The lot worked out anew from the seed and the lists that were kept."""
    return draw(
        inspection.institutions, inspection.inspectors, count=inspection.count, each=inspection.each,
        seed=inspection.seed,
    )  # fmt: skip


def is_reproduced(inspection: Inspection) -> bool:
    """Whether drawing again gives what was kept."""
    kept = [Drawn(each.institution_id, tuple(each.inspectors)) for each in inspection.drawn.order_by("place")]
    return kept == drawn_again(inspection)


def _open_places(kinds: Sequence[str], at: datetime) -> list[str]:
    rows = Institution.objects.filter(in_county=True, closed_on__isnull=True)
    return list((rows.filter(kind__in=kinds) if kinds else rows).values_list("pk", flat=True))
