"""Diagnoses that pay more than the patient was ill: serious complications coded where peers never see them."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import in_codes, keyed, principal


def _upcoded(sight: Sight) -> ir.Table:
    """Stays with a complication that does not go with their principal diagnosis, at institutions and in windows of
    time whose share of such stays is far above what peers would have with the same patients."""
    stays = _coded(sight)
    stays = _expected(stays, prior=sight.number("prior_cases"))
    marked = _deviating(stays, deviation=sight.number("deviation"))
    found = _supported(stays, prior=sight.number("prior_cases")).inner_join(marked, ["institution_id", "window"])
    found = found.filter(
        found.complication.notnull(), found.supported < sight.number("supported_share"),
        found.discharged_on.between(sight.period.start, sight.period.end),
    )  # fmt: skip
    return hits(
        found, subject=found.stay_id, day=found.discharged_on, resident=found.resident_id,
        evidence=[keyed("stay", found.stay_id)], amount_fen=found.fund_fen, measured=found.supported * 100,
        allowed=sight.number("supported_share") * 100,
        note=ibis.literal("主要诊断 ") + found.disease + ",并发症 " + found.complication,
    )  # fmt: skip


def _coded(sight: Sight) -> ir.Table:
    """Stays with their category, their first serious complication, and the window of time they lie in."""
    codes, stays = sight.rule("complications").codes, sight["stay"]
    serious = stays.dx.filter(lambda code: in_codes(code, codes))
    own = principal(stays.dx)
    others = serious.filter(lambda code: code.left(3) != own)
    months = int(sight.number("window"))
    end = sight.period.end
    back = (end.year - stays.discharged_on.year()) * 12 + end.month - stays.discharged_on.month()
    return stays.select(
        "stay_id", "resident_id", "institution_id", "discharged_on", "fund_fen", disease=own,
        complication=(others.length() > 0).ifelse(others[0], ibis.null("string")), window=(back / months).floor(),
    )  # fmt: skip


def _expected(stays: ir.Table, *, prior: float) -> ir.Table:
    """`expected`: the share of stays with a serious complication of the same category at other institutions, drawn
    towards the county's share by `prior` cases."""
    has = stays.complication.notnull().cast("int64")
    whole, disease = ibis.window(), ibis.window(group_by=stays.disease)
    own = ibis.window(group_by=[stays.institution_id, stays.disease])
    stays = stays.mutate(
        has=has, share=has.mean().over(whole),
        others=stays.count().over(disease) - stays.count().over(own),
        with_it=has.sum().over(disease) - has.sum().over(own),
    )  # fmt: skip
    return stays.mutate(expected=(stays.with_it + prior * stays.share) / (stays.others + prior))


def _supported(stays: ir.Table, *, prior: float) -> ir.Table:
    """`supported`: the share of stays of the same category at other institutions that have this very complication,
    drawn towards its share in the county."""
    kind = stays.complication.left(3)
    stays = stays.mutate(kind=kind)
    pair, own = [stays.disease, stays.kind], [stays.institution_id, stays.disease, stays.kind]
    alike = stays.count().over(ibis.window(group_by=pair)) - stays.count().over(ibis.window(group_by=own))
    usual = stays.count().over(ibis.window(group_by=stays.kind)) / stays.count().over(ibis.window())
    return stays.mutate(supported=(alike + prior * usual) / (stays.others + prior))


def _deviating(stays: ir.Table, *, deviation: float) -> ir.Table:
    """Institution and window where (observed − expected) ÷ √expected reaches the limit."""
    sums = stays.group_by("institution_id", "window").agg(observed=stays.has.sum(), due=stays.expected.sum())
    due = ibis.greatest(sums.due, 0.5)
    sums = sums.mutate(z=(sums.observed - due) / due.sqrt())
    return sums.filter(sums.z >= deviation).select("institution_id", "window", "z")


CODING = (
    Detector(
        "upcoding", label="高套编码",
        definition="机构严重并发症的编码率远高于同行对同样病人应有的水平,其中同行很少与该主要诊断同时出现的病例。",
        source=("fund-regulation-2021", "40"), severity=Severity.SUSPICION, reads=("stay",),
        parameters={"complications": "supervision.upcoding.complications", "window": "supervision.upcoding.window",
                    "deviation": "supervision.upcoding.deviation",
                    "supported_share": "supervision.upcoding.supported_share",
                    "prior_cases": "supervision.upcoding.prior_cases"},
        says="{note}:同行同一主要诊断的病例仅 {measured}% 有此类并发症(界限 {allowed}%)", find=_upcoded,
    ),
)  # fmt: skip
