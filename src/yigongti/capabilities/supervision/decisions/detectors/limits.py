"""What the published rule base limits: whom an item is for, where it may be given, how long and how often."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Gather, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import days_between, keyed

SOURCE = ("fund-rule-base-2023", "政策类")
WORKING_AGE = "法定就业年龄"


def _limited(sight: Sight, kind: str) -> ir.Table:
    """Charge lines of items that have a limit of this kind, with it."""
    limit = sight["fund_limit"]
    limit = limit.filter(limit.kind == kind)
    limit = limit.select("item_code", "period_days", limited_to="subject", most="quantity").distinct()
    return sight.during("suspect_line").inner_join(limit, "item_code")


def _with_resident(rows: ir.Table, sight: Sight) -> ir.Table:
    people = sight["resident"].select(person="resident_id", sex="sex", birth_date="birth_date", insured_as="insured_as")
    return rows.inner_join(people, rows.resident_id == people.person)


def _as_hits(rows: ir.Table, *, note: ir.StringValue, measured: ir.Value = 1, allowed: ir.Value = 0) -> ir.Table:
    return hits(
        rows, subject=rows.charge_id, day=rows.day, resident=rows.resident_id, doctor=rows.prescriber_id,
        evidence=[keyed("charge", rows.charge_id)], amount_fen=rows.fund_fen, measured=measured, allowed=allowed,
        note=note,
    )  # fmt: skip


def _sex(sight: Sight) -> ir.Table:
    rows = _with_resident(_limited(sight, "sex"), sight)
    rows = rows.filter(rows.sex != rows.limited_to)
    words = {"male": "男", "female": "女"}
    wanted = rows.limited_to.cases(*words.items(), else_="")
    given = rows.sex.cases(*words.items(), else_="")
    return _as_hits(rows, note=rows.item_name + ":限" + wanted + "性,患者为" + given + "性")


def _age(sight: Sight) -> ir.Table:
    """Beyond the age group that an item is for; items for people of working age have two ends."""
    rows = _with_resident(_limited(sight, "age"), sight)
    days = days_between(rows.birth_date, rows.day)
    working = sight.rule("working_ages").bands[0]
    low, high = float(working.low or 0) * 365.25, float(working.high or 200) * 365.25
    groups = sight.rule("age_groups").table
    below = rows.limited_to.cases(*((name, float(most)) for name, most in groups.items()), else_=high)
    above = (rows.limited_to == WORKING_AGE).ifelse(low, 0.0)
    rows = rows.mutate(age_days=days, most_days=below, least_days=above)
    rows = rows.filter((rows.age_days > rows.most_days) | (rows.age_days < rows.least_days))
    years = (rows.age_days / 365.25).floor().cast("int64").cast("string")
    return _as_hits(rows, note=rows.item_name + ":限" + rows.limited_to + ",患者 " + years + " 岁")


def _scheme(sight: Sight) -> ir.Table:
    """Items that only injury or maternity insurance pays, charged to the fund of basic medical insurance."""
    rows = _limited(sight, "scheme")
    rows = rows.filter(rows.fund_fen > 0)
    return _as_hits(rows, note=rows.item_name + ":限" + rows.limited_to + "保险支付")


def _level(sight: Sight) -> ir.Table:
    ranks = {"tertiary": 3, "secondary": 2, "primary": 1}
    rows = _limited(sight, "level")
    places = sight["institution"].select(place="institution_id", level="level")
    rows = rows.inner_join(places, rows.institution_id == places.place)
    has = rows.level.cases(*ranks.items(), else_=0)
    needs = rows.limited_to.cases(*ranks.items(), else_=0)
    rows = rows.mutate(has=has, needs=needs)
    rows = rows.filter(rows.has < rows.needs)
    wanted = rows.needs.cases((3, "三级"), (2, "二级"), else_="一级")
    return _as_hits(rows, note=rows.item_name + ":限" + wanted + "及以上医疗机构")


def _setting(sight: Sight) -> ir.Table:
    """For people in hospital (or in an emergency, where the rule base says so), charged to somebody who was not."""
    rows = _limited(sight, "setting")
    stays = sight["stay"].select(stay="stay_id")
    visits = sight["visit"].select(visit="visit_id", visited="kind")
    rows = rows.left_join(stays, rows.encounter_id == stays.stay)
    rows = rows.left_join(visits, rows.encounter_id == visits.visit)
    urgent = (rows.limited_to == "emergency_or_inpatient") & (rows.visited == "emergency").fill_null(False)
    rows = rows.filter(rows.stay.isnull(), ~urgent)
    return _as_hits(rows, note=rows.item_name + ":限住院患者")


def _course(sight: Sight) -> ir.Table:
    """More days of an item in one encounter than are paid for."""
    rows = _limited(sight, "course")
    order = ibis.window(group_by=[rows.encounter_id, rows.item_code], order_by=rows.day)
    rows = rows.mutate(day_number=ibis.dense_rank().over(order) + 1)
    rows = rows.filter(rows.day_number > rows.most)
    return _as_hits(rows, measured=rows.day_number, allowed=rows.most, note=rows.item_name + ":支付疗程")


def _interval(sight: Sight) -> ir.Table:
    """An item given again to the same person sooner than the rule base allows."""
    rows = _limited(sight, "interval")
    order = ibis.window(group_by=[rows.resident_id, rows.item_code], order_by=[rows.day, rows.charge_id])
    rows = rows.mutate(before=rows.day.lag().over(order), before_id=rows.charge_id.lag().over(order))
    rows = rows.mutate(gap=days_between(rows.before, rows.day))
    rows = rows.filter(rows.gap < rows.period_days, rows.gap > 0)
    return hits(
        rows, subject=rows.charge_id, day=rows.day, resident=rows.resident_id, doctor=rows.prescriber_id,
        evidence=[keyed("charge", rows.before_id), keyed("charge", rows.charge_id)], amount_fen=rows.fund_fen,
        measured=rows.gap, allowed=rows.period_days, note=rows.item_name,
    )  # fmt: skip


def _detector(
    name: str, label: str, definition: str, find: Callable[[Sight], ir.Table], *, says: str = "{note}",
    reads: tuple[str, ...] = (), parameters: dict[str, str] | None = None, severity: Severity = Severity.BREACH,
) -> Detector:  # fmt: skip
    return Detector(
        name, label=label, definition=definition, source=SOURCE, severity=severity,
        reads=("suspect_line", "fund_limit", *reads), parameters=parameters or {}, gather=Gather.MONTH, says=says,
        find=find,
    )  # fmt: skip


LIMITS = (
    _detector("sex_limit", "超限定性别", "项目或药品限一种性别,患者是另一种。", _sex, reads=("resident",)),
    _detector("age_limit", "超限定年龄", "项目或药品限新生儿、婴幼儿、儿童或就业年龄,患者不在其内。", _age,
              reads=("resident",),
              parameters={"age_groups": "supervision.limit.age_groups",
                          "working_ages": "supervision.limit.working_ages"}),
    _detector("scheme_limit", "超限定保险类型", "限工伤或生育保险支付的药品,由基本医保基金支付。", _scheme),
    _detector("level_limit", "超限定机构等级", "限二级或三级医疗机构使用的药品,在等级不够的机构使用。", _level,
              reads=("institution",)),
    _detector("setting_limit", "超限定就医方式", "限住院(或急诊)患者使用的药品,在门诊使用。", _setting,
              reads=("stay", "visit")),
    _detector("course_limit", "超限定支付疗程", "同一次就诊或住院中,使用天数超过支付疗程。", _course,
              says="{note} {allowed} 天,这是第 {measured} 天"),
    _detector("interval_limit", "超限定周期", "同一项目在规定周期内对同一人重复实施。", _interval,
              says="{note}:距上次 {measured} 天,周期 {allowed} 天", severity=Severity.SUSPICION),
)  # fmt: skip
