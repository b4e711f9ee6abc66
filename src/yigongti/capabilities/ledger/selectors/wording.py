"""The ledger's words: targets, lights and reasons in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.decisions.lights import Light, Standing
from yigongti.capabilities.ledger.models import Target
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.charts import Tone
from yigongti.pages.numbers import shown

TONES: Mapping[Light, Tone] = {Light.RED: "bad", Light.AMBER: "warn", Light.GREEN: "good", Light.GREY: "none"}
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "~": "≈"}


def light_label(light: Light) -> str:
    """Red, amber, green, grey in words, so that colour is never alone."""
    return {
        Light.RED: _("红灯"),
        Light.AMBER: _("黄灯"),
        Light.GREEN: _("绿灯"),
        Light.GREY: _("未监测"),
    }[light]


def why_label(standing: Standing, *, unit: str = "") -> str:
    """Why a light is what it is."""
    texts = {
        "unbound": _("没有对应的监测指标"),
        "no_value": _("指标暂无数值"),
        "met": _("已达到目标"),
        "on_the_way": _("进度不落后"),
        "behind": _("略落后于应有进度"),
        "far_behind": _("明显落后于应有进度"),
        "near": _("接近目标"),
        "missed": _("未达到目标"),
        "overdue": _("逾期未达到目标"),
    }
    text = texts[standing.why]
    if standing.expected is None or standing.why in ("met", "overdue"):
        return text
    return _("%(text)s(按时间应为 %(expected)s)") % {"text": text, "expected": shown(standing.expected, unit=unit)}


def wanted(target: Target) -> str:
    """What a target asks for, as written: ≥ 35%, 2–3 个."""
    number = _number(target.value) if target.upper is None else f"{_number(target.value)}–{_number(target.upper)}"
    if target.unit == "1:n":
        return f"1:{number}"
    sign = _SIGNS[target.comparator]
    return f"{target.per} {sign}{number}{target.unit}".strip()


def indicator_label(indicator_id: str) -> str:
    """An indicator's name in the reader's language; its id where the county does not have it."""
    indicator: Indicator | None = REGISTRY.indicators.get(indicator_id)
    if indicator is None:
        return indicator_id
    return indicator.label_en if (get_language() or "").startswith("en") else indicator.label


def _number(value: float) -> str:
    """A number with the digits as written."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
