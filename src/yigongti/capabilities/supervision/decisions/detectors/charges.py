"""Charge lines that should not be there: the same thing twice, more than a day holds, under another's name."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.supervision.decisions.detector import Detector, Gather, Severity, Sight, hits
from yigongti.capabilities.supervision.facts.drawing import keyed


def _line_hits(rows: ir.Table, *, measured: ir.Value, allowed: ir.Value, amount_fen: ir.IntegerValue | None = None,
               evidence: ir.ArrayValue | None = None, note: ir.StringValue | None = None) -> ir.Table:  # fmt: skip
    """Hits that are single charge lines."""
    return hits(
        rows, subject=rows.charge_id, day=rows.day, resident=rows.resident_id, doctor=rows.prescriber_id,
        evidence=[keyed("charge", rows.charge_id)] if evidence is None else evidence,
        amount_fen=rows.fund_fen if amount_fen is None else amount_fen, measured=measured, allowed=allowed,
        note=rows.item_name if note is None else note,
    )  # fmt: skip


def _repeated(sight: Sight) -> ir.Table:
    """All but the first of the lines alike in encounter, day, item, quantity and price."""
    rows = sight.during("suspect_line")
    rows = rows.filter(rows.category.isin([each.first for each in sight.rule("categories").codes.ranges]))
    alike = {name: rows[name] for name in ("encounter_id", "day", "item_code", "quantity", "unit_price_fen")}
    order = ibis.window(group_by=list(alike.values()), order_by=rows.charge_id)
    whole = ibis.window(group_by=list(alike.values()))
    rows = rows.mutate(
        place=ibis.row_number().over(order), first=rows.charge_id.min().over(whole), count=rows.count().over(whole)
    )
    rows = rows.filter(rows.place > 0)
    both = ibis.array([keyed("charge", rows.first), keyed("charge", rows.charge_id)])
    return _line_hits(rows, measured=rows["count"], allowed=1, evidence=both)


def _over_limit(sight: Sight) -> ir.Table:
    """More pieces of an item in an encounter on a day than the rule base, or the category's way of charging, allows."""
    limit = sight["fund_limit"]
    limit = limit.filter(limit.kind == "daily").group_by("item_code").agg(daily=limit.quantity.min())
    rows = sight.during("suspect_line").left_join(limit, "item_code").drop("item_code_right")
    usual = rows.category.cases(
        *((name, float(most)) for name, most in sight.rule("daily").table.items()), else_=ibis.null("float64")
    )
    rows = rows.mutate(most=ibis.coalesce(rows.daily, usual))
    rows = rows.filter(rows.most.notnull())
    alike = ["encounter_id", "institution_id", "resident_id", "day", "item_code", "item_name", "most"]
    days = rows.group_by(alike).agg(
        quantity=rows.quantity.sum(), charges=keyed("charge", rows.charge_id).collect(distinct=True),
        fund_fen=rows.fund_fen.sum(), prescriber_id=rows.prescriber_id.max(), lines=rows.count(),
        same=rows.quantity.nunique(),
    )  # fmt: skip
    days = days.filter(days.quantity > days.most, ~((days.lines > 1) & (days.same == 1)))
    return hits(
        days, subject=days.encounter_id + " " + days.day.cast("string") + " " + days.item_code, day=days.day,
        resident=days.resident_id, doctor=days.prescriber_id, evidence=days.charges.sort(), note=days.item_name,
        amount_fen=(days.fund_fen * (days.quantity - days.most) / days.quantity).round().cast("int64"),
        measured=days.quantity, allowed=days.most,
    )  # fmt: skip


def _paired(sight: Sight) -> ir.Table:
    """An item charged beside one that includes it, on the same day or in the same encounter as the rule base says."""
    found = _beside(sight, "day", "encounter")
    note = ibis.literal("“") + found.main_name + "”已包含“" + found.item_name + "”"
    return _line_hits(found, measured=2, allowed=1, evidence=_both(found), note=note)


def _within_hours(sight: Sight) -> ir.Table:
    """An item charged on the same day as one that includes it for some hours; a charge does not tell the hour."""
    found = _beside(sight, "hours")
    note = ibis.literal("“") + found.main_name + "”与“" + found.item_name + "”同日收费"
    return _line_hits(found, measured=2, allowed=found.hours, evidence=_both(found), note=note)


def _beside(sight: Sight, *within: str) -> ir.Table:
    """Lines of items that stand beside one that includes them: `main_id`, `main_name`, `hours` of its limit."""
    rows, limit = sight.during("suspect_line"), sight["fund_limit"]
    limit = limit.filter(limit.kind == "paired", limit.within.isin(within))
    main = rows.inner_join(limit.select("item_code", "other_code", "within", hours="quantity"), "item_code")
    main = main.select(
        main_id="charge_id", main_name="item_name", main_day="day", main_in="encounter_id", part_code="other_code",
        within="within", hours="hours",
    )  # fmt: skip
    found = rows.inner_join(main, [rows.encounter_id == main.main_in, rows.item_code == main.part_code])
    found = found.filter((found.within == "encounter") | (found.day == found.main_day))
    return found.group_by(
        ["charge_id", "institution_id", "resident_id", "prescriber_id", "day", "item_name", "fund_fen"]
    ).agg(main_id=found.main_id.min(), main_name=found.main_name.min(), hours=found.hours.max())


def _both(found: ir.Table) -> ir.ArrayValue:
    return ibis.array([keyed("charge", found.main_id), keyed("charge", found.charge_id)])


def _second_operation(sight: Sight) -> ir.Table:
    """Operations of one group on one day, of which the cheaper are charged at the full price."""
    limit = sight["fund_limit"]
    groups = limit.filter(limit.kind == "operation").select("item_code", group="subject").distinct()
    rows = sight.during("suspect_line").inner_join(groups, "item_code")
    here = ibis.window(group_by=[rows.institution_id, rows.item_code])
    rows = rows.mutate(full_fen=rows.unit_price_fen.max().over(here))
    order = ibis.window(
        group_by=[rows.encounter_id, rows.day, rows.group], order_by=[rows.unit_price_fen.desc(), rows.charge_id]
    )
    rows = rows.mutate(place=ibis.row_number().over(order), first=rows.charge_id.first().over(order),
                       dearest=rows.item_code.first().over(order))  # fmt: skip
    rows = rows.filter(rows.place > 0, rows.unit_price_fen == rows.full_fen, rows.item_code != rows.dearest)
    both = ibis.array([keyed("charge", rows.first), keyed("charge", rows.charge_id)])
    share = sight.number("share")
    return _line_hits(
        rows, measured=100, allowed=share * 100, evidence=both,
        amount_fen=(rows.fund_fen * (1 - share)).round().cast("int64"), note=rows.group + ":" + rows.item_name,
    )  # fmt: skip


def _swapped(sight: Sight) -> ir.Table:
    """A line whose name is not the one under which nearly everybody charges its code."""
    rows = sight.during("suspect_line")
    rows = rows.filter(rows.own_name.notnull())
    note = rows.item_code + " 应为“" + rows.own_name + "”,收费名称为“" + rows.item_name + "”"
    return _line_hits(rows, measured=1, allowed=0, note=note)


CHARGES = (
    Detector(
        "repeated_charge", label="重复收费",
        definition="同一次就诊或住院、同一天、同一项目、同样数量和单价收了两笔以上。",
        source=("fund-regulation-2021", "15"), severity=Severity.BREACH, reads=("suspect_line",), gather=Gather.MONTH,
        parameters={"categories": "supervision.repeat.categories"},
        says="{note}:同日同项收费 {measured} 笔", find=_repeated,
    ),
    Detector(
        "over_limit_charge", label="超标准收费",
        definition="一日内数量超过规则库的频次上限,或超过按日计价项目的每日一次。",
        source=("fund-regulation-2021", "15"), severity=Severity.BREACH, reads=("suspect_line", "fund_limit"),
        gather=Gather.MONTH, parameters={"daily": "supervision.repeat.daily_quantity"},
        says="{note}:一日收费 {measured},上限 {allowed}", find=_over_limit,
    ),
    Detector(
        "included_charge", label="分解项目收费",
        definition="规则库载明主项已包含从项,同日或同次就诊另收从项。",
        source=("fund-rule-base-2023", "管理类"), severity=Severity.BREACH, reads=("suspect_line", "fund_limit"),
        gather=Gather.MONTH, says="{note}", find=_paired,
    ),
    Detector(
        "included_within_hours", label="数小时内分解收费",
        definition="规则库载明主项在数小时内已包含从项,两项同日收费;收费明细没有钟点,是否在限定时间内需调病历核对。",
        source=("fund-rule-base-2023", "管理类"), severity=Severity.SUSPICION, reads=("suspect_line", "fund_limit"),
        gather=Gather.MONTH, says="{note},规则库限 {allowed} 小时内不得另收,请核对时点", find=_within_hours,
    ),
    Detector(
        "second_operation", label="第二手术未折价",
        definition="同日同一手术组的两种以上手术,第二及以后的手术按全价收费。",
        source=("fund-rule-base-2023", "管理类"), severity=Severity.SUSPICION, reads=("suspect_line", "fund_limit"),
        gather=Gather.MONTH, parameters={"share": "supervision.limit.second_operation_share"},
        says="{note}:按 {measured}% 计收,应为 {allowed}%", find=_second_operation,
    ),
    Detector(
        "swapped_item", label="串换项目",
        definition="上传的项目名称与该编码在全县通用的名称不一致,可能以一项目的编码结算另一项目。",
        source=("fund-regulation-2021", "15"), severity=Severity.SUSPICION, reads=("suspect_line",),
        gather=Gather.MONTH,
        parameters={"dominant_share": "supervision.swap.dominant_share", "least_lines": "supervision.swap.least_lines"},
        says="{note}", find=_swapped,
    ),
)  # fmt: skip
