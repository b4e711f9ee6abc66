"""One pass over the charges for all detectors: which lines are worth a look.

A county has tens of millions of charge lines and a few thousand worth looking at.  These expressions find them month
by month; the detectors then read the small tables `suspect_line` and `doctor_day` instead of the charges.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from yigongti.kernel.periods import Period

ONLY_WITH_ITS_MAIN = "paired"


def item_names(charge: ir.Table) -> ir.Table:
    """item_code, item_name, lines, quantity, fund_fen: under which names a code is charged, and what for."""
    return charge.group_by("item_code", "item_name").agg(
        lines=charge.count(), quantity=charge.quantity.sum(), fund_fen=charge.fund_fen.sum()
    )


def item_prices(names: ir.Table) -> ir.Table:
    """item_code, item_name, fund_fen: an item's most used name, and what the fund pays for a piece on average."""
    items = names.group_by("item_code").agg(
        item_name=names.item_name.argmax(names.lines), paid=names.fund_fen.sum(), pieces=names.quantity.sum()
    )
    paid = (items.paid / items.pieces.nullif(0)).fill_null(0).round().cast("int64")
    return items.select("item_code", "item_name", fund_fen=paid)


def misnamed(names: ir.Table, *, dominant_share: float, least_lines: int) -> ir.Table:
    """item_code, item_name, own_name: names that stray from the one under which nearly all charge the code."""
    whole = ibis.window(group_by=names.item_code)
    names = names.mutate(all_lines=names.lines.sum().over(whole), most=names.lines.max().over(whole))
    names = names.filter(names.all_lines >= least_lines, names.most >= names.all_lines * dominant_share)
    own = names.filter(names.lines == names.most).select("item_code", own_name="item_name")
    found = names.inner_join(own, "item_code")
    return found.filter(found.item_name != found.own_name).select("item_code", "item_name", "own_name")


def watched(limit: ir.Table) -> ir.Table:
    """One row an item that the rule base limits: the most a day (daily), looked at always, or beside a main item."""
    plain = limit.filter(limit.kind != ONLY_WITH_ITS_MAIN)
    pairs = limit.filter(limit.kind == ONLY_WITH_ITS_MAIN)
    marks = ibis.union(
        plain.select("item_code", daily=(plain.kind == "daily").ifelse(plain.quantity, ibis.null("float64")),
                     always=plain.kind != "daily", is_main=False, is_part=False),
        pairs.select("item_code", daily=ibis.null("float64"), always=False, is_main=True, is_part=False),
        pairs.select(item_code="other_code", daily=ibis.null("float64"), always=False, is_main=False, is_part=True),
    )  # fmt: skip
    flags = {name: marks[name].any() for name in ("always", "is_main", "is_part")}
    return marks.group_by("item_code").agg(daily=marks.daily.min(), **flags)


def lines(
    charge: ir.Table, watch: ir.Table, wrong: ir.Table, *, period: Period, daily: Mapping[str, float]
) -> ir.Table:
    """Charge lines of the period with what the rule base says of their item.

    daily: category → the most a day, for items that the rule base does not name.
    """
    rows = charge.filter(charge.day.between(period.start, period.end))
    rows = rows.left_join(watch, "item_code").drop("item_code_right")
    rows = rows.left_join(wrong, ["item_code", "item_name"]).drop("item_code_right", "item_name_right")
    usual = rows.category.cases(*daily.items(), else_=ibis.null("float64")) if daily else ibis.null("float64")
    flags = {name: rows[name].fill_null(False) for name in ("always", "is_main", "is_part")}
    same = rows.encounter_id.hash() ^ rows.item_code.hash() ^ rows.day.hash()
    return rows.mutate(daily=ibis.coalesce(rows.daily, usual), same=same, **flags)


def crowded(rows: ir.Table, *, repeatable: list[str]) -> ir.Table:
    """same: groups of one encounter, item and day that have several lines or exceed the most a day.

    The group is a 64-bit hash: two groups that meet in it only mean a line looked at in vain.
    """
    rows = rows.filter(rows.category.isin(repeatable) | rows.daily.notnull())
    groups = rows.group_by("same").agg(count=rows.count(), quantity=rows.quantity.sum(), daily=rows.daily.min())
    return groups.filter((groups["count"] > 1) | (groups.quantity > groups.daily)).select("same")


def with_main(rows: ir.Table) -> ir.Table:
    """Encounters in which an item is charged that includes others."""
    return rows.filter(rows.is_main).select("encounter_id").distinct()


def suspects(rows: ir.Table, crowd: ir.Table, mains: ir.Table, dead: ir.Table) -> ir.Table:
    """The lines that some detector may take up, with the dictionary's columns of `suspect_line`."""
    crowd = crowd.mutate(is_crowded=True)
    rows = rows.left_join(crowd, "same").drop("same_right")
    mains = mains.select(main_in="encounter_id")
    rows = rows.left_join(mains, rows.encounter_id == mains.main_in)
    dead = dead.select(dead_id="resident_id", died="day")
    rows = rows.left_join(dead, rows.resident_id == dead.dead_id)
    worth = (
        rows.always | rows.is_crowded.fill_null(False) | rows.own_name.notnull()
        | ((rows.is_main | rows.is_part) & rows.main_in.notnull()) | (rows.day > rows.died).fill_null(False)
    )  # fmt: skip
    names = ("charge_id", "encounter_id", "resident_id", "institution_id", "day", "item_code", "item_name", "category",
             "quantity", "unit_price_fen", "amount_fen", "fund_fen", "prescriber_id", "own_name")  # fmt: skip
    return rows.filter(worth).select(*names)


def doctor_days(charge: ir.Table, *, period: Period, most: float) -> ir.Table:
    """Doctors' days with more consultations charged than can be."""
    rows = charge.filter(
        charge.day.between(period.start, period.end), charge.category == "registration", charge.prescriber_id.notnull()
    )
    days = rows.group_by("prescriber_id", "institution_id", "day").agg(
        encounters=rows.encounter_id.nunique(), fund_fen=rows.fund_fen.sum()
    )
    return days.filter(days.encounters > most)


def within(period: Period, month: str) -> bool:
    """Whether a month "2025-07" of the lake touches the period; undated parts always may."""
    if not month[:4].isdigit():
        return True
    return f"{period.start:%Y-%m}" <= month <= f"{period.end:%Y-%m}"
