"""Referrals joined to the stays they led to, in the lake and on the referral: a job that may run at any time."""

from datetime import date

import ibis
import pyarrow as pa
from django.db import transaction

from yigongti.analytics.engines import DuckDBEngine, unbound
from yigongti.analytics.lake import paths
from yigongti.analytics.lake.appending import append
from yigongti.capabilities.referral.decisions.linking import LINKED_WITHIN, matched, named
from yigongti.capabilities.referral.models import Referral
from yigongti.kernel.facts import COUNTY
from yigongti.spine.county_rules import county_rules

TABLES = ("referral", "stay")


@transaction.atomic
def link_stays(*, on: date) -> int:
    """Give stays that name no referral the one that led to them, and tell live referrals their stay.

    Returns how many stays were given one; a second run finds nothing to do.  A stay whose file comes again without
    the number is linked again.  Raises Refusal while a load is writing.
    """
    sources = {name: [*paths(name)] for name in TABLES}
    if not all(sources.values()):
        return 0
    within = county_rules().find(LINKED_WITHIN, on=on).days
    with DuckDBEngine() as engine:
        engine.attach([COUNTY[name] for name in TABLES], sources=sources)
        tables = unbound([COUNTY[name] for name in TABLES])
        referral, stay = tables["referral"], tables["stay"]
        told = engine.collect(named(referral, stay))
        found = engine.collect(_whole(stay, matched(referral, stay, within_days=within)))
    if found.num_rows:
        append("stay", found.cast(COUNTY["stay"].schema))
    _tell(told, "number")
    _tell(found.select(["stay_id", "referral_id"]), "time")
    return int(found.num_rows)


def _whole(stay: ibis.Table, links: ibis.Table) -> ibis.Table:
    """The linked stays with every column of the dictionary."""
    links = links.rename(linked_id="referral_id", linked_stay="stay_id")
    joined = stay.inner_join(links, stay.stay_id == links.linked_stay)
    return joined.mutate(referral_id=joined.linked_id).select(*COUNTY["stay"].names)


def _tell(links: pa.Table, how: str) -> None:
    """Live referrals learn their stay; those of files have nobody to tell."""
    stay_of = {row["referral_id"]: row["stay_id"] for row in links.to_pylist()}
    unknown = Referral.objects.filter(stay_id__isnull=True, arrived_at__isnull=False)
    for case in unknown.only("pk", "stay_id").iterator():
        if case.pk in stay_of:
            Referral.objects.filter(stay_id=stay_of[case.pk]).update(stay_id=None, matched_by=None)  # linked anew
            Referral.objects.filter(pk=case.pk).update(stay_id=stay_of[case.pk], matched_by=how)
