"""The figures of the dashboards: what each is called, how it is reckoned, and the rules it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from yigongti.capabilities.payment.decisions.drg import figures, points

HIGH = (points.HIGH_OUTLIER, "payment.dip.high_deviation")
LOW = (points.LOW_OUTLIER, "payment.dip.low_deviation")


@dataclass(frozen=True)
class Shown:
    """A figure: attribute of an institution's line; label, definition, unit; rules it rests on; its rows by kind."""

    key: str
    label: Any
    definition: Any
    unit: str = ""
    rules: tuple[str, ...] = ()
    rows: str = "all"
    is_money: bool = False

    def rules_of(self, method: str) -> list[str]:
        """Those of its rules that DRG or DIP goes by."""
        other = ".dip." if method == "drg" else ".drg."
        return [rule for rule in self.rules if other not in rule]


_EVERY = (
    Shown("cases", _("出院例数"), _("一年内出院的住院例数,入组与否都算"), "case"),
    Shown(
        "grouped_share",
        _("入组率"),
        _("入组例数 ÷ 出院例数;歧义、未入组和病例不全的不算入组"),
        "ratio",
        rows="ungrouped",
    ),
    Shown("groups", _("组数"), _("有病例的组的个数,反映收治范围")),
    Shown(
        "stable_share",
        _("稳定组占比"),
        _("稳定组数 ÷ 组数;病例够多、组内费用变异系数(CV)不超过规定的组为稳定组"),
        "ratio",
        (figures.STABLE_CASES, figures.STABLE_VARIATION),
    ),
    Shown(
        "explained_variation",
        _("组间解释率 RIV"),
        _("1 − 组内费用离差平方和 ÷ 全部入组病例费用离差平方和;越高,分组越能说明费用的差别"),
        "ratio",
    ),
    Shown(
        "cmi",
        _("病例组合指数 CMI"),
        _("Σ(组权重 × 例数)÷ Σ例数;权重 = 组例均费用 ÷ 全部例均费用,三年加权"),
        rules=(figures.YEAR_WEIGHTS, "payment.dip.year_weights"),
    ),
    Shown(
        "cost_index",
        _("费用消耗指数"),
        _("Σ(本机构组例均费用 ÷ 全县组例均费用 × 例数)÷ Σ例数;1 为全县水平"),
    ),
    Shown(
        "time_index",
        _("时间消耗指数"),
        _("Σ(本机构组平均住院日 ÷ 全县组平均住院日 × 例数)÷ Σ例数;1 为全县水平"),
    ),
    Shown(
        "low_risk_mortality",
        _("低风险组死亡率"),
        _("低风险组死亡例数 ÷ 低风险组例数;风险按各组住院死亡率的对数分级"),
        "ratio",
        (figures.DEATH_RISK_DEVIATION,),
        "low_risk_deaths",
    ),
    Shown(
        "low_risk_deaths",
        _("低风险组死亡"),
        _("低风险组中死亡离院的例数,应逐例讨论"),
        "case",
        (figures.DEATH_RISK_DEVIATION,),
        "low_risk_deaths",
    ),
    Shown("high", _("高倍率病例"), _("费用不低于本组例均费用的规定倍数"), "case", HIGH, "high"),
    Shown("low", _("低倍率病例"), _("费用不高于本组例均费用的规定倍数"), "case", LOW, "low"),
    Shown(
        "gain_fen",
        _("盈亏"),
        _("权重 × 费率 − 总费用;费率使全县合计为零。供比较,不是结算结果"),
        rules=(figures.YEAR_WEIGHTS, "payment.dip.year_weights"),
        is_money=True,
    ),
)
FIGURES: Mapping[str, Shown] = {each.key: each for each in _EVERY}
TILES = (
    "cases",
    "grouped_share",
    "cmi",
    "groups",
    "stable_share",
    "explained_variation",
    "low_risk_mortality",
    "high",
    "low",
)
"""The figures at the head of the dashboard."""
