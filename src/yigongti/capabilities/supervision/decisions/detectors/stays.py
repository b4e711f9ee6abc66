"""Stays that are not what they seem: one cut in two, two at once, one without need."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Gather, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import days_between, in_codes, keyed, principal


def _split(sight: Sight) -> ir.Table:
    """Pairs of a discharge and an admission that pass all three tests of similarity within the interval."""
    stays = sight["stay"]
    order = ibis.window(group_by=stays.resident_id, order_by=[stays.admitted_on, stays.discharged_on, stays.stay_id])
    before = {f"{name}_before": stays[name].lag().over(order)
              for name in ("stay_id", "discharged_on", "institution_id", "department", "dx", "procedures")}  # fmt: skip
    pairs = stays.mutate(**before)
    pairs = pairs.mutate(gap=days_between(pairs.discharged_on_before, pairs.admitted_on))
    pairs = pairs.filter(
        pairs.admitted_on.between(sight.period.start, sight.period.end),
        pairs.gap.between(0, sight.rule("interval").days),
        pairs.institution_id == pairs.institution_id_before,
        ~in_codes(pairs.dx[0], sight.rule("planned").codes),
        pairs.referral_id.isnull(),
    )
    alike = (
        (principal(pairs.dx) == principal(pairs.dx_before)).cast("int8")
        + (pairs.department == pairs.department_before).cast("int8")
        + _treated_alike(pairs).cast("int8")
    )
    pairs = pairs.filter(alike >= sight.number("tests"))
    return hits(
        pairs, subject=pairs.stay_id_before + "+" + pairs.stay_id, day=pairs.admitted_on, resident=pairs.resident_id,
        evidence=[keyed("stay", pairs.stay_id_before), keyed("stay", pairs.stay_id)], amount_fen=pairs.fund_fen,
        measured=pairs.gap, allowed=sight.rule("interval").days,
    )  # fmt: skip


def _treated_alike(pairs: ir.Table) -> ir.BooleanValue:
    """The same kind of treatment: neither was operated on, or the main operations are of one kind (ICD-9-CM-3)."""
    without = (pairs.procedures.length() == 0) & (pairs.procedures_before.length() == 0)
    same = pairs.procedures[0].left(4) == pairs.procedures_before[0].left(4)
    return (without | same).fill_null(False)


def _overlapping(sight: Sight) -> ir.Table:
    """Two stays of one person at two institutions whose days overlap; the day of a transfer does not count."""
    stays = sight["stay"].select("stay_id", "resident_id", "institution_id", "admitted_on", "discharged_on", "fund_fen")
    other = stays.view().rename("other_{name}")
    together = stays.inner_join(other, stays.resident_id == other.other_resident_id)
    together = together.filter(
        together.institution_id != together.other_institution_id,
        (together.admitted_on > together.other_admitted_on)
        | ((together.admitted_on == together.other_admitted_on) & (together.stay_id > together.other_stay_id)),
        together.admitted_on.between(sight.period.start, sight.period.end),
    )
    until = ibis.least(together.discharged_on, together.other_discharged_on)
    together = together.mutate(days=days_between(together.admitted_on, until))
    together = together.filter(together.days >= sight.rule("least_days").days)
    return hits(
        together, subject=together.other_stay_id + "+" + together.stay_id, day=together.admitted_on,
        resident=together.resident_id,
        evidence=[keyed("stay", together.other_stay_id), keyed("stay", together.stay_id)],
        amount_fen=ibis.least(together.fund_fen, together.other_fund_fen), measured=together.days,
        allowed=sight.rule("least_days").days - 1,
    )  # fmt: skip


def _without_need(sight: Sight) -> ir.Table:
    """Short, cheap stays without any procedure, most of whose cost is examinations."""
    stays = sight["stay"]
    stays = stays.mutate(
        days=ibis.greatest(days_between(stays.admitted_on, stays.discharged_on), 1), disease=principal(stays.dx),
        exam_share=(stays.exam_fen + stays.lab_fen) / stays.total_fen.nullif(0),
    )  # fmt: skip
    usual = stays.group_by("disease").agg(median_fen=stays.total_fen.median())
    stays = stays.inner_join(usual, "disease")
    stays = stays.filter(
        stays.discharged_on.between(sight.period.start, sight.period.end),
        stays.days <= sight.rule("longest").days,
        stays.procedures.length() == 0,
        stays.discharge_way.isin(["1", "9"]),
        stays.total_fen <= stays.median_fen * sight.number("cost_share"),
        stays.exam_share >= sight.number("exam_share"),
    )
    return hits(
        stays, subject=stays.stay_id, day=stays.discharged_on, resident=stays.resident_id,
        measured=stays.exam_share * 100,
        evidence=[keyed("stay", stays.stay_id)], amount_fen=stays.fund_fen, allowed=sight.number("exam_share") * 100,
        note=ibis.literal("住院 ") + stays.days.cast("string") + " 天,没有手术操作",
    )  # fmt: skip


def _crowded_beds(sight: Sight) -> ir.Table:
    """Days on which more people lay in an institution than its beds can hold: charged for, but not there."""
    stays, places = sight["stay"], sight["institution"].select("institution_id", "beds")
    edges = ibis.union(
        stays.select("institution_id", day=stays.admitted_on, change=ibis.literal(1)),
        stays.select("institution_id", day=stays.discharged_on, change=ibis.literal(-1)),
    )
    days = edges.group_by("institution_id", "day").agg(change=edges.change.sum())
    running = ibis.window(group_by=days.institution_id, order_by=days.day, following=0)
    days = days.mutate(inside=days.change.sum().over(running)).inner_join(places, "institution_id")
    days = days.filter(
        days.day.between(sight.period.start, sight.period.end), days.beds > 0,
        days.inside > days.beds * sight.number("most_per_bed"), days.inside - days.beds >= sight.number("least_excess"),
    )  # fmt: skip
    return hits(
        days, subject=days.institution_id + " " + days.day.cast("string"), day=days.day,
        amount_fen=ibis.literal(0),
        evidence=[keyed("institution", days.institution_id)], measured=days.inside,
        allowed=days.beds * sight.number("most_per_bed"),
    )  # fmt: skip


STAYS = (
    Detector(
        "split_admission", label="分解住院",
        definition="同一人在同一机构出院后短期内再次入院,诊断、科室、治疗方式三项同时相同或相近;"
                   "周期治疗等计划性再入院和有转诊单的除外。",
        source=("fund-regulation-rules-2026", "分解住院"), severity=Severity.BREACH, reads=("stay",),
        parameters={"interval": "supervision.split.interval", "planned": "supervision.split.planned",
                    "tests": "supervision.split.tests"},
        says="出院 {measured} 天后以相同诊断、科室和治疗方式再次入院(界限 {allowed} 天)", find=_split,
    ),
    Detector(
        "overlapping_stays", label="住院时间重叠",
        definition="同一人在两家机构的住院日期相互重叠,转院当日除外。",
        source=("fund-rule-base-2023", "管理类"), severity=Severity.BREACH, reads=("stay",),
        parameters={"least_days": "supervision.overlap.least_days"},
        says="与另一家机构的住院重叠 {measured} 天", find=_overlapping,
    ),
    Detector(
        "admission_without_need", label="低标准入院",
        definition="住院日短、没有手术操作、费用远低于同病种、以检查检验为主,可能不必住院。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=("stay",),
        parameters={"longest": "supervision.need.longest", "cost_share": "supervision.need.cost_share",
                    "exam_share": "supervision.need.exam_share"},
        says="{note},检查检验占费用的 {measured}%(界限 {allowed}%)", find=_without_need,
    ),
    Detector(
        "crowded_beds", label="床位容纳不下",
        definition="同日在院人数超过编制床位所能容纳,可能挂床。",
        source=("fund-regulation-2021", "15"), severity=Severity.SUSPICION, reads=("stay", "institution"),
        gather=Gather.MONTH, parameters={"most_per_bed": "supervision.volume.stays_per_bed",
                    "least_excess": "supervision.volume.least_excess"},
        says="当日在院 {measured} 人,床位至多容纳 {allowed} 人", find=_crowded_beds,
    ),
)  # fmt: skip
