"""Money that moves where it should not: bunched at a limit, shifted around a stay, away from the ill, up too fast."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import days_between, keyed, principal

MOST_ROWS = 50
"""Stays that a finding about an institution shows, those that say most first."""


def _ratios(sight: Sight) -> ir.Table:
    """Stays of the period with cost ÷ the county's median of the same category (`ratio`)."""
    stays = sight.during("stay", "discharged_on")
    stays = stays.mutate(disease=principal(stays.dx))
    median = stays.group_by("disease").agg(median_fen=stays.total_fen.median())
    stays = stays.inner_join(median, "disease")
    return stays.mutate(ratio=stays.total_fen / stays.median_fen.nullif(0))


def _bunching(sight: Sight) -> ir.Table:
    """More stays just beyond a payment threshold than just before it, by far more than chance."""
    stays, width = _ratios(sight), sight.number("width")
    return ibis.union(
        _bunched(stays, sight, at=sight.number("high"), beyond=(0.0, width), before=(-width, 0.0)),
        _bunched(stays, sight, at=sight.number("low"), beyond=(0.0, width), before=(-width, 0.0)),
    )


def _bunched(
    stays: ir.Table, sight: Sight, *, at: float, beyond: tuple[float, float], before: tuple[float, float]
) -> ir.Table:
    here = {name: (stays.ratio >= at * (1 + low)) & (stays.ratio < at * (1 + high))
            for name, (low, high) in (("inside", beyond), ("outside", before))}  # fmt: skip
    sums = stays.group_by("institution_id").agg(
        cases=stays.count(), inside=here["inside"].sum(), outside=here["outside"].sum(),
        fund_fen=stays.fund_fen.sum(where=here["inside"]).fill_null(0),
        rows=keyed("stay", stays.stay_id).collect(where=here["inside"]),
    )  # fmt: skip
    sums = sums.mutate(z=(sums.inside - sums.outside) / ibis.greatest(sums.inside + sums.outside, 1).sqrt())
    sums = sums.filter(sums.cases >= sight.number("least_cases"), sums.z >= sight.number("deviation"))
    return hits(
        sums,
        subject=sums.institution_id + f" {at:g} {sight.year}",
        day=ibis.literal(sight.period.end),
        evidence=sums.rows.sort(),
        amount_fen=sums.fund_fen,
        measured=sums.inside,
        allowed=sums.outside,
        note=f"费用倍率 {at:g} 之上 {sight.number('width'):.0%} 内的病例",
    )


def _shifting(sight: Sight) -> ir.Table:
    """Institutions whose patients spend far more on visits just before and after a stay than those of their peers."""
    stays = sight.during("stay", "discharged_on").select(
        "stay_id", "resident_id", "institution_id", "admitted_on", "discharged_on", "total_fen"
    )
    visits = sight["visit"].select(
        visitor="resident_id", visited_on="day", visit_fen="total_fen", visit_fund="fund_fen"
    )
    near = stays.inner_join(visits, stays.resident_id == visits.visitor)
    before = days_between(near.visited_on, near.admitted_on).between(1, sight.rule("before").days)
    after = days_between(near.discharged_on, near.visited_on).between(1, sight.rule("after").days)
    near = near.filter(before | after)
    around = near.group_by("stay_id").agg(around_fen=near.visit_fen.sum(), around_fund=near.visit_fund.sum())
    stays = stays.left_join(around, "stay_id")
    sums = stays.group_by("institution_id").agg(
        cases=stays.count(), share=stays.around_fen.sum().fill_null(0) / stays.total_fen.sum().nullif(0),
        fund_fen=stays.around_fund.sum().fill_null(0),
        rows=keyed("stay", stays.stay_id).collect(
            where=stays.around_fen.notnull(), order_by=[stays.around_fen.desc(), stays.stay_id]
        ),
    )  # fmt: skip
    sums = sums.filter(sums.cases >= sight.number("least_cases"))
    sums = _robust(sums, "share")
    sums = sums.filter(sums.z >= sight.number("deviation"))
    return hits(
        sums, subject=sums.institution_id + f" {sight.year}", day=ibis.literal(sight.period.end),
        evidence=sums.rows[:MOST_ROWS], amount_fen=sums.fund_fen, measured=sums.share * 100,
        allowed=sums.middle * 100,
    )  # fmt: skip


def _robust(rows: ir.Table, name: str) -> ir.Table:
    """`middle`: the median; `z`: the distance from it in robust standard deviations (1.4826 × median deviation)."""
    whole = ibis.window()
    rows = rows.mutate(middle=rows[name].median().over(whole))
    rows = rows.mutate(distance=(rows[name] - rows.middle).abs())
    spread = rows.distance.median().over(whole) * 1.4826
    return rows.mutate(z=(rows[name] - rows.middle) / ibis.greatest(spread, rows.middle.abs() * 0.05, 1e-9))


def _skimming(sight: Sight) -> ir.Table:
    """The share of light cases in the second half of the period risen well above that of the first half."""
    stays = _ratios(sight)
    half = sight.period.start + (sight.period.end - sight.period.start) / 2
    weight = stays.group_by("disease").agg(relative=stays.total_fen.median())
    middle = weight.mutate(weight=weight.relative / weight.relative.median().over(ibis.window()))
    stays = stays.inner_join(middle.select("disease", "weight"), "disease")
    light = (stays.weight <= sight.number("light_below")).cast("float64")
    stays = stays.mutate(light=light, late=stays.discharged_on > ibis.literal(half))
    sums = stays.group_by("institution_id").agg(
        before=stays.light.mean(where=~stays.late), after=stays.light.mean(where=stays.late),
        cases_before=(~stays.late).sum(), cases_after=stays.late.sum(),
    )  # fmt: skip
    least = sight.number("least_cases")
    sums = sums.filter(sums.cases_before >= least, sums.cases_after >= least)
    share = (sums.before + sums.after) / 2
    error = (share * (1 - share) * (1 / sums.cases_before + 1 / sums.cases_after)).sqrt()
    sums = sums.mutate(rise=sums.after - sums.before, z=(sums.after - sums.before) / ibis.greatest(error, 1e-9))
    sums = sums.filter(sums.rise >= sight.number("change"), sums.z >= sight.number("deviation"))
    return hits(
        sums, subject=sums.institution_id + f" {sight.year}", day=ibis.literal(sight.period.end),
        evidence=[keyed("institution", sums.institution_id)], amount_fen=ibis.literal(0), measured=sums.after * 100,
        allowed=sums.before * 100,
    )  # fmt: skip


def _growth(table: str, day: str) -> Callable[[Sight], ir.Table]:
    """Half-years whose mean cost, less its uncertainty, rose over the rule against the same half of the year before."""

    def find(sight: Sight) -> ir.Table:
        rows = sight[table]
        if table == "visit":
            rows = rows.filter(rows.kind != "checkup")
        limit, least = sight.number("limit"), sight.number("least_cases")
        both = _beside_a_year_before(_means(rows, day))
        both = both.filter(
            both.last.between(sight.period.start, sight.period.end), both.cases >= least, both.cases_then >= least,
            both["mean"] - both.mean_then * (1 + limit) > _error(both, limit) * sight.number("confidence"),
        )  # fmt: skip
        now, then = ((fen / 100).round(2).cast("string") for fen in (both["mean"], both.mean_then))
        return hits(
            both, subject=both.institution_id + " " + both.half.cast("string"), day=both.last,
            evidence=[keyed("institution", both.institution_id)],
            amount_fen=((both["mean"] - both.mean_then * (1 + limit)) * both.cases).round().cast("int64"),
            measured=(both["mean"] / both.mean_then - 1) * 100, allowed=limit * 100,
            note=ibis.literal("次均费用 ") + now + " 元,上年同期 " + then + " 元",
        )  # fmt: skip

    return find


def _means(rows: ir.Table, day: str) -> ir.Table:
    """Number, mean and variance of cost by institution and half-year (`half`: 20251 is the first half of 2025)."""
    half = rows[day].year() * 10 + (rows[day].month() > 6).ifelse(2, 1)
    cost = rows.total_fen.cast("float64")
    return rows.mutate(half=half, cost=cost).group_by("institution_id", "half").agg(
        lambda t: t.count().name("cases"), mean=lambda t: t.cost.mean(), variance=lambda t: t.cost.var(),
        last=lambda t: t[day].max(),
    )  # fmt: skip


def _beside_a_year_before(means: ir.Table) -> ir.Table:
    then = means.select(
        "institution_id", next=means.half + 10, cases_then="cases", mean_then="mean", variance_then="variance"
    )
    return means.inner_join(then, ["institution_id", means.half == then.next])


def _error(both: ir.Table, limit: float) -> ir.FloatingValue:
    """The standard error of this mean less (1 + limit) times that of a year before."""
    return (both.variance / both.cases + both.variance_then * (1 + limit) ** 2 / both.cases_then).sqrt()


def _growth_detector(name: str, label: str, what: str, table: str, day: str) -> Detector:
    return Detector(
        name, label=label,
        definition=f"{what}次均费用与上年同期(半年)相比的增幅,扣除抽样误差后仍超过上限;金额为超过部分。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=(table,),
        parameters={"limit": "supervision.growth.limit", "confidence": "supervision.growth.confidence",
                    "least_cases": "supervision.growth.least_cases"},
        says="{note},增长 {measured}%,上限 {allowed}%", find=_growth(table, day),
    )  # fmt: skip


SPENDING = (
    Detector(
        "threshold_bunching", label="临界费用聚集",
        definition="费用倍率刚过支付界限的病例,远多于刚不到界限的病例。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=("stay",),
        parameters={"width": "supervision.bunching.width", "deviation": "supervision.bunching.deviation",
                    "least_cases": "supervision.bunching.least_cases", "high": "payment.dip.high_deviation",
                    "low": "payment.dip.low_deviation"},
        says="{note}有 {measured} 例,界限之下同样宽度内只有 {allowed} 例", find=_bunching,
    ),
    Detector(
        "cost_shifting", label="住院前后费用转移",
        definition="住院前后数日门诊费用占住院费用的比例远高于同行,可能把住院费用移到门诊。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=("stay", "visit"),
        parameters={"before": "supervision.shift.days_before", "after": "supervision.shift.days_after",
                    "deviation": "supervision.shift.deviation", "least_cases": "supervision.shift.least_cases"},
        says="住院前后门诊费用为住院费用的 {measured}%,同行中位数 {allowed}%", find=_shifting,
    ),
    Detector(
        "cream_skimming", label="挑选轻症",
        definition="后半期轻病例占比比前半期显著上升,可能推诿重症。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=("stay",),
        parameters={"light_below": "supervision.skimming.light_below", "change": "supervision.skimming.change",
                    "deviation": "supervision.skimming.deviation", "least_cases": "supervision.skimming.least_cases"},
        says="轻病例占比由 {allowed}% 升至 {measured}%", find=_skimming,
    ),
    _growth_detector("outpatient_cost_growth", "门诊费用增长过快", "门诊", "visit", "day"),
    _growth_detector("inpatient_cost_growth", "住院费用增长过快", "住院", "stay", "discharged_on"),
)  # fmt: skip
