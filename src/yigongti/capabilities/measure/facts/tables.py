"""Fact tables by name, and the one table that measuring adds: the assessment of qualitative indicators."""

from collections.abc import Mapping

from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.facts.county import code, day, text

GRADES = {"none": "无制度", "written": "有制度未实施", "implemented": "有明确制度安排且已组织实施"}
"""Grade of an item → Chinese label."""

ASSESSMENT = FactTable("assessment", "定性评判", ("consortium_id", "indicator", "item", "day"), (
    text("consortium_id", "医共体编号"), text("indicator", "指标编号"), text("item", "评判要点"),
    code("grade", "等级", GRADES), text("evidence?", "佐证"), day("day", "评判日期"),
))  # fmt: skip
"""One row an item of a qualitative indicator assessed at a consortium on a day; the latest one counts."""

MEASURED: Mapping[str, FactTable] = {**COUNTY, ASSESSMENT.name: ASSESSMENT}


def named(*names: str) -> tuple[FactTable, ...]:
    """Fact tables by their names."""
    return tuple(MEASURED[name] for name in names)
