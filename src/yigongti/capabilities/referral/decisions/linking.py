"""Which stay a referral led to: the one that names it, else the first at the receiver soon after the arrival.

Ibis expressions over the fact tables `referral` and `stay`, the same for one row or a county's years.  The continuous
deductible and the orderly referral share rest on the link (YN-13, CZ-4).
"""

import ibis
import ibis.expr.types as ir

from yigongti.kernel.indicators import as_day, days_between

LINKED_WITHIN = "referral.linked_stay_within"


def named(referral: ir.Table, stay: ir.Table) -> ir.Table:
    """stay_id, referral_id of the stays that name a referral that exists."""
    known = referral.select(known="referral_id")
    return stay.inner_join(known, stay.referral_id == known.known).select("stay_id", "referral_id")


def matched(referral: ir.Table, stay: ir.Table, *, within_days: int) -> ir.Table:
    """stay_id, referral_id of stays that name none: same person, at the receiver, admitted from the day of sending to
    `within_days` after the day of arrival.  One stay a referral, one referral a stay; the earliest stay, the latest
    referral."""
    taken = named(referral, stay).select(taken="referral_id").distinct()
    free = referral.anti_join(taken, referral.referral_id == taken.taken).filter(referral.arrived_at.notnull())
    free = free.select(
        "referral_id", patient="resident_id", receiver="to_institution_id", sent_at="sent_at", arrived_at="arrived_at"
    )
    unnamed = stay.filter(stay.referral_id.isnull())
    pairs = unnamed.inner_join(
        free,
        [
            unnamed.resident_id == free.patient,
            unnamed.institution_id == free.receiver,
            unnamed.admitted_on >= as_day(free.sent_at),
            days_between(as_day(free.arrived_at), unnamed.admitted_on) <= within_days,
        ],
    ).select(stay_id="stay_id", found_id="referral_id_right", admitted_on="admitted_on", arrived_at="arrived_at")
    earliest = ibis.window(group_by="found_id", order_by=["admitted_on", "stay_id"])
    pairs = pairs.mutate(nth=ibis.row_number().over(earliest))
    first = pairs.filter(pairs.nth == 0)
    latest = ibis.window(group_by="stay_id", order_by=[ibis.desc("arrived_at"), "found_id"])
    first = first.mutate(mth=ibis.row_number().over(latest))
    return first.filter(first.mth == 0).select("stay_id", referral_id="found_id")
