"""Measurements of one person as small series: the latest value of each kind, and how it went."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yigongti.capabilities.record.selectors.wording import said
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.facts.county import MEASURES
from yigongti.pages.charts import Chart, Series
from yigongti.spine.record.selectors import timeline

SITTINGS = 24
"""How many values of a kind a series shows."""
TOGETHER = {"sbp": ("sbp", "dbp"), "dbp": ("sbp", "dbp")}
"""Measures that are drawn in one chart."""


@dataclass(frozen=True)
class Vital:
    """One kind of measurement: the latest value as text, its day, and up to SITTINGS values, oldest first."""

    code: str
    label: str
    unit: str
    latest: str
    day: str
    days: Sequence[str]
    values: Sequence[float]


def vitals(resident_id: str) -> list[Vital]:
    """The person's measurements by kind, in the dictionary's order; [] where there are none."""
    found: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for item in timeline(resident_id, tables=["measurement"]):
        for facts in item.lines or (item.facts,):
            found[facts["code"]].append((facts["at"][:10], facts["value"], facts["unit"]))
    return [_vital(code, found[code]) for code in MEASURES if code in found]


def drawn(every: Sequence[Vital], code: str) -> Chart | None:
    """The chart of one kind (blood pressures together); None where there is nothing to draw."""
    wanted = [vital for vital in every if vital.code in TOGETHER.get(code, (code,))]
    if not wanted:
        return None
    days = sorted({day for vital in wanted for day in vital.days})
    series = [Series(vital.label, _at(vital, days)) for vital in wanted]
    label = "、".join(vital.label for vital in wanted)
    return Chart(label, days, series, heading=f"{label} {wanted[0].unit}")


def _vital(code: str, newest_first: list[tuple[str, float, str]]) -> Vital:
    shown = sorted(newest_first)[-SITTINGS:]
    day, value, unit = shown[-1]
    column = COUNTY["measurement"]["value"]
    days, values = [each[0] for each in shown], [each[1] for each in shown]
    return Vital(code, _(MEASURES[code]), unit, said(column, value), day, days, values)


def _at(vital: Vital, days: Sequence[str]) -> list[float | None]:
    by_day = dict(zip(vital.days, vital.values, strict=True))
    return [by_day.get(day) for day in days]
