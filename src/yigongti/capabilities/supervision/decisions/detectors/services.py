"""Services that were needless, too much, or cannot have been: exams again, drugs in hand, doctors' days, the dead."""

from datetime import date

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Gather, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import days_between, keyed

EPOCH = date(2000, 1, 1)
"""From where days are counted."""


def _repeated_exam(sight: Sight) -> ir.Table:
    """An exam done again while the one before still counted, neither recognised nor with a reason."""
    exams = sight["exam"]
    exams = exams.filter(exams.recognised_exam_id.isnull()).mutate(day=exams.ordered_at.date())
    order = ibis.window(group_by=[exams.resident_id, exams.item_code], order_by=[exams.ordered_at, exams.exam_id])
    exams = exams.mutate(before=exams.day.lag().over(order), before_id=exams.exam_id.lag().over(order))
    valid = exams.kind.cases(*((kind, int(days)) for kind, days in sight.rule("within").table.items()), else_=0)
    exams = exams.mutate(gap=days_between(exams.before, exams.day), valid=valid)
    exams = exams.filter(
        exams.day.between(sight.period.start, sight.period.end), exams.gap < exams.valid, exams.repeat_reason.isnull()
    )
    exams = exams.mutate(institution_id=exams.ordered_by).left_join(_priced(sight), "item_code")
    return hits(
        exams, subject=exams.exam_id, day=exams.day, resident=exams.resident_id,
        note=ibis.coalesce(exams.own_name, exams.item_code),
        evidence=[keyed("exam", exams.before_id), keyed("exam", exams.exam_id)],
        amount_fen=exams.piece_fen.fill_null(0), measured=exams.gap, allowed=exams.valid,
    )  # fmt: skip


def _priced(sight: Sight) -> ir.Table:
    """item_code, its name, and what the fund pays for a piece on average: for hits that are not themselves charges."""
    return sight["item_price"].select("item_code", own_name="item_name", piece_fen="fund_fen")


def _over_prescribed(sight: Sight) -> ir.Table:
    """A drug prescribed while more days of it are in hand than a long prescription may give."""
    most = sight.rule("most").days + sight.rule("early").days
    lines = sight["prescription_line"]
    lines = lines.filter(lines.days > 0, lines.reviewed != "returned")
    lines = _in_hand(lines, look_back=sight.rule("look_back").days)
    lines = lines.filter(lines.day.between(sight.period.start, sight.period.end), lines.in_hand > most)
    lines = lines.left_join(_priced(sight), [("drug_code", "item_code")])
    too_many = ibis.least(lines.in_hand - most, lines.days) / lines.days
    return hits(
        lines, subject=lines.key, day=lines.day, resident=lines.resident_id, doctor=lines.prescriber_id,
        note=lines.drug_name, evidence=lines.counted, measured=lines.in_hand, allowed=most,
        amount_fen=(lines.piece_fen.fill_null(0) * lines.quantity * too_many).round().cast("int64"),
    )  # fmt: skip


def _in_hand(lines: ir.Table, *, look_back: int) -> ir.Table:
    """`in_hand`: for how many days the person has the drug after each line; `counted`: the lines that say so.

    What was supplied since some day, less the days gone since then, for the day that makes it most: an empty box stays
    empty until the next prescription.
    """
    own = [lines.resident_id, lines.drug_code]
    so_far = ibis.window(group_by=own, order_by=[lines.day, lines.prescription_id, lines.line], following=0)
    since = days_between(ibis.literal(EPOCH), lines.day)
    key = lines.prescription_id + "/" + lines.line.cast("string")
    lines = lines.mutate(supplied=lines.days.sum().over(so_far), since=since, key=key)
    lines = lines.mutate(before=lines.supplied - lines.days - lines.since)
    recent = ibis.range_window(
        preceding=look_back, following=0, group_by=[lines.resident_id, lines.drug_code], order_by=lines.since
    )
    return lines.mutate(
        in_hand=lines.supplied - lines.since - lines.before.min().over(recent),
        counted=keyed("prescription_line", lines.key).collect().over(recent),
    )


def _impossible_volume(sight: Sight) -> ir.Table:
    days = sight["doctor_day"]
    most = sight.number("most")
    days = days.filter(days.day.between(sight.period.start, sight.period.end), days.encounters > most)
    return hits(
        days, subject=days.prescriber_id + " " + days.institution_id + " " + days.day.cast("string"), day=days.day,
        doctor=days.prescriber_id, evidence=[keyed("staff", days.prescriber_id)], measured=days.encounters,
        allowed=most,
        amount_fen=(days.fund_fen * (days.encounters - most) / days.encounters).round().cast("int64"),
    )  # fmt: skip


def _after_death(sight: Sight) -> ir.Table:
    """Visits after the day of death, stays begun after it, and charges of encounters that were not."""
    dead = sight["death"].select(person="resident_id", died="day")
    visits, stays = sight.during("visit"), sight.during("stay", "admitted_on")
    seen = ibis.union(
        visits.select("resident_id", "institution_id", "day", "fund_fen", key=keyed("visit", visits.visit_id)),
        stays.select("resident_id", "institution_id", "fund_fen", day=stays.admitted_on,
                     key=keyed("stay", stays.stay_id)),
    )  # fmt: skip
    seen = seen.inner_join(dead, seen.resident_id == dead.person)
    seen = seen.filter(seen.day > seen.died)
    return hits(
        seen, subject=seen.key, day=seen.day, resident=seen.resident_id, amount_fen=seen.fund_fen,
        evidence=[seen.key, keyed("death", seen.resident_id)], measured=days_between(seen.died, seen.day), allowed=0,
    )  # fmt: skip


def _charged_after_death(sight: Sight) -> ir.Table:
    """Charge lines after the day of death whose encounter is not itself after it."""
    dead = sight["death"].select(person="resident_id", died="day")
    rows = sight.during("suspect_line")
    rows = rows.inner_join(dead, rows.resident_id == dead.person)
    rows = rows.filter(rows.day > rows.died)
    visits = sight["visit"].select(seen="visit_id", seen_on="day")
    rows = rows.left_join(visits, rows.encounter_id == visits.seen)
    rows = rows.filter((rows.seen_on <= rows.died) | rows.seen_on.isnull())
    return hits(
        rows, subject=rows.charge_id, day=rows.day, resident=rows.resident_id, doctor=rows.prescriber_id,
        evidence=[keyed("charge", rows.charge_id), keyed("death", rows.resident_id)], amount_fen=rows.fund_fen,
        measured=days_between(rows.died, rows.day), allowed=0, note=rows.item_name,
    )  # fmt: skip


SERVICES = (
    Detector(
        "repeated_exam", label="重复检查检验",
        definition="同一项目在结果仍然有效的期间内再做,既未互认,也没有写明重复检查的理由。",
        source=("fund-regulation-2021", "15"), severity=Severity.BREACH, reads=("exam", "item_price"),
        gather=Gather.MONTH,
        parameters={"within": "diagnosis.repeat_within"},
        says="{note}:距上次 {measured} 天,结果有效期 {allowed} 天", find=_repeated_exam,
    ),
    Detector(
        "over_prescribing", label="超量开药",
        definition="回看期内已开的天数减去经过的天数(在手药量)超过长期处方的最长天数与可提前取药的天数之和,仍然开药。",
        source=("fund-regulation-2021", "15"), severity=Severity.BREACH,
        reads=("prescription_line", "item_price"),
        gather=Gather.MONTH,
        parameters={"most": "supervision.prescribing.days_in_hand", "early": "supervision.prescribing.early_refill",
                    "look_back": "supervision.prescribing.look_back"},
        says="{note}:开药后在手 {measured} 天,上限 {allowed} 天", find=_over_prescribed,
    ),
    Detector(
        "impossible_volume", label="工作量不可能",
        definition="一名医师一日收取诊查费的人次超过可能接诊的人次。",
        source=("fund-regulation-2021", "40"), severity=Severity.SUSPICION, reads=("doctor_day",),
        parameters={"most": "supervision.volume.visits_per_doctor"},
        says="当日接诊 {measured} 人次,上限 {allowed}", find=_impossible_volume,
    ),
    Detector(
        "visit_after_death", label="死亡后就诊",
        definition="就诊或入院日期在登记的死亡日期之后。",
        source=("fund-regulation-2021", "40"), severity=Severity.BREACH, reads=("visit", "stay", "death"),
        says="死亡 {measured} 天后仍有就诊", find=_after_death,
    ),
    Detector(
        "charge_after_death", label="死亡后收费",
        definition="生前的就诊或住院,收费日期在死亡日期之后。",
        source=("fund-regulation-2021", "40"), severity=Severity.BREACH, reads=("suspect_line", "visit", "death"),
        gather=Gather.MONTH, says="{note}:死亡 {measured} 天后收费", find=_charged_after_death,
    ),
)  # fmt: skip
