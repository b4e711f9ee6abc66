"""Diagnoses that pay more than the patient was ill: complications coded where peers never see them.

Like is compared with like: stays of one core group (ADRG) by the county's own scheme, or of one category of principal
diagnosis where the stay has no group.
"""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import in_codes, keyed, principal

SEVERE, ANY = "severe", "any_at_all"
"""The two shares that are watched: of cases with a severe complication (MCC), and with any (MCC or CC)."""


def _upcoded(sight: Sight) -> ir.Table:
    """Stays with a complication that peers hardly ever see in their group, at institutions and in windows of time whose
    share of complicated stays is far above what peers would have with the same patients."""
    stays, prior = _coded(sight), sight.number("prior_cases")
    marked = ibis.union(*(_deviating(_expected(stays, level, prior=prior), sight=sight) for level in (SEVERE, ANY)))
    found = _least_supported(stays, prior=prior)
    found = found.inner_join(marked.distinct(), ["institution_id", "window"])
    found = found.filter(
        found.supported < sight.number("supported_share"),
        found.own_share >= found.supported * sight.number("excess"),
        found.discharged_on.between(sight.period.start, sight.period.end),
    )
    return hits(
        found, subject=found.stay_id, day=found.discharged_on, resident=found.resident_id,
        evidence=[keyed("stay", found.stay_id)], amount_fen=found.fund_fen, measured=found.supported * 100,
        allowed=sight.number("supported_share") * 100,
        note=found.alike + ",主要诊断 " + found.principal_dx + ",并发症 " + found.complication,
    )  # fmt: skip


def _coded(sight: Sight) -> ir.Table:
    """Stays with the group they are compared in (`alike`), their complications, and the window of time they lie in.

    Severe are the group's MCC and the diagnoses of the rule; a stay without a group has only the latter.
    """
    codes, stays, groups = sight.rule("complications").codes, sight["stay"], sight["stay_group"]
    stays = stays.left_join(groups, "stay_id")
    own = principal(stays.dx)
    serious = stays.dx.filter(lambda code: in_codes(code, codes) & (code.left(3) != own))
    none = ibis.literal([], "array<string>")
    severe = serious.union(ibis.coalesce(stays.mcc, none))
    months = int(sight.number("window"))
    end = sight.period.end
    back = (end.year - stays.discharged_on.year()) * 12 + end.month - stays.discharged_on.month()
    return stays.select(
        "stay_id", "resident_id", "institution_id", "discharged_on", "fund_fen", principal_dx=stays.dx[0],
        alike=ibis.coalesce(ibis.literal("病组 ") + stays.adrg, ibis.literal("病种 ") + own),
        complications=severe.union(ibis.coalesce(stays.cc, none)), window=(back / months).floor(),
        **{SEVERE: (severe.length() > 0).cast("int64"),
           ANY: ((severe.length() > 0) | (ibis.coalesce(stays.cc, none).length() > 0)).cast("int64")},
    )  # fmt: skip


def _expected(stays: ir.Table, level: str, *, prior: float) -> ir.Table:
    """`expected`: the share of complicated stays of the same group at other institutions, drawn towards the county's
    share by `prior` cases.  has: whether the stay is complicated at this level."""
    has = stays[level]
    whole, alike = ibis.window(), ibis.window(group_by=stays.alike)
    own = ibis.window(group_by=[stays.institution_id, stays.alike])
    others, with_it = stays.count().over(alike) - stays.count().over(own), has.sum().over(alike) - has.sum().over(own)
    expected = (with_it + prior * has.mean().over(whole)) / (others + prior)
    return stays.select("institution_id", "window", has=has, expected=expected)


def _deviating(stays: ir.Table, *, sight: Sight) -> ir.Table:
    """Institution and window where (observed − expected) ÷ √expected reaches the limit."""
    sums = stays.group_by("institution_id", "window").agg(observed=stays.has.sum(), due=stays.expected.sum())
    due = ibis.greatest(sums.due, 0.5)
    sums = sums.filter((sums.observed - due) / due.sqrt() >= sight.number("deviation"))
    return sums.select("institution_id", "window")


def _least_supported(stays: ir.Table, *, prior: float) -> ir.Table:
    """Complicated stays with the complication that peers see least in the same group.

    supported: in what share of the peers' stays, drawn towards its share in the county; own_share: in what share of the
    institution's own in the same window.
    """
    sizes = stays.group_by("alike").agg(of_group=stays.count())
    places = stays.group_by("alike", "institution_id").agg(of_place=stays.count())
    times = stays.group_by("alike", "institution_id", "window").agg(of_time=stays.count())
    each = stays.mutate(complication=stays.complications.unnest())
    each = each.mutate(kind=each.complication.left(3))
    pair, own = [each.alike, each.kind], [each.institution_id, each.alike, each.kind]
    here = ibis.window(group_by=[*own, each.window])
    seen = each.count().over(ibis.window(group_by=pair)) - each.count().over(ibis.window(group_by=own))
    usual = each.count().over(ibis.window(group_by=each.kind)) / stays.count().as_scalar()
    each = each.mutate(seen=seen, usual=usual, own=each.count().over(here))
    each = each.inner_join(sizes, "alike").inner_join(places, ["alike", "institution_id"])
    each = each.inner_join(times, ["alike", "institution_id", "window"])
    each = each.mutate(
        supported=(each.seen + prior * each.usual) / (each.of_group - each.of_place + prior),
        own_share=each.own / each.of_time,
    )
    order = ibis.window(group_by=each.stay_id, order_by=[each.supported, each.complication])
    each = each.mutate(place=ibis.row_number().over(order))
    return each.filter(each.place == 0)


CODING = (
    Detector(
        "upcoding", label="高套编码",
        definition="机构伴有并发症(严重的,或严重与一般合计)的病例占比,远高于同行对同样核心病组的病人应有的水平,"
                   "其中同行在同一病组里很少见到该并发症的病例;没有分组的按主要诊断类目比较。",
        source=("fund-regulation-2021", "40"), severity=Severity.SUSPICION, reads=("stay", "stay_group"),
        parameters={"complications": "supervision.upcoding.complications", "window": "supervision.upcoding.window",
                    "deviation": "supervision.upcoding.deviation",
                    "supported_share": "supervision.upcoding.supported_share",
                    "excess": "supervision.upcoding.excess",
                    "prior_cases": "supervision.upcoding.prior_cases"},
        says="{note}:同行同组病例仅 {measured}% 有此并发症(界限 {allowed}%)", find=_upcoded,
    ),
)  # fmt: skip
