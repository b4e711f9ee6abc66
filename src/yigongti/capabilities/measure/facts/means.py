"""Money and pay, and the grades of qualitative assessment."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.indicators import EVERY, MONTH, Relation, Scene
from yigongti.kernel.indicators.places import at_institution


def _finance(scene: Scene) -> ir.Table:
    rows = scene.during("finance", "month")
    last = ibis.literal(True) if MONTH in scene.by else rows.on_day == ibis.literal(scene.period.end.replace(day=1))
    return rows.mutate(last_month=last)


def _payroll(scene: Scene) -> ir.Table:
    return at_institution(scene.during("payroll", "month"), scene)


def _payroll_by_profession(scene: Scene) -> ir.Table:
    rows, staff = scene.during("payroll", "month"), scene["staff"].select(paid="staff_id", profession="profession")
    return rows.left_join(staff, rows.staff_id == staff.paid)


def _assessments(scene: Scene) -> ir.Table:
    """The latest grade of every item on or before the end of the period."""
    rows = scene["assessment"]
    rows = rows.filter(rows.day <= scene.period.end)
    order = ibis.window(group_by=[rows.consortium_id, rows.indicator, rows["item"]], order_by=rows.day.desc())
    rows = rows.mutate(place=ibis.row_number().over(order))
    rows = rows.filter(rows.place == 0)
    return rows.mutate(consortium=rows.consortium_id, implemented=rows.grade == "implemented")


FINANCE = Relation("finance", "财务", _finance, named("finance"), EVERY, seat="institution_id")
"""One row an account of an institution and month: amount_fen; last_month of the period (by month: always)."""

PAYROLL = Relation("payroll", "薪酬", _payroll, named("payroll", "institution"), EVERY)
"""One row a person's pay of a month, with what the institution is."""

PAYROLL_BY_PROFESSION = Relation(
    "payroll_by_profession", "分专业薪酬", _payroll_by_profession, named("payroll", "staff"), EVERY,
    seat="institution_id",
)  # fmt: skip
"""One row a person's pay of a month: profession."""

ASSESSMENTS = Relation("assessment", "定性评判", _assessments, named("assessment"), ("consortium",))
"""One row an item of a qualitative indicator at a consortium: indicator, item, grade, implemented."""
