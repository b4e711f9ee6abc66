"""The catalogue of indicators as plain data; it needs no store."""

from typing import Any

from yigongti.kernel.registry import REGISTRY


def catalogue() -> list[dict[str, Any]]:
    """Every indicator as plain data: what it is, how it is broken down, its rules, target and source."""
    copied = (
        "id", "label", "label_en", "definition", "definition_en", "dimension", "unit", "better", "kind", "group_by",
        "source", "target", "rules", "needs", "serves",
    )  # fmt: skip
    return [{name: getattr(indicator, name) for name in copied} for indicator in REGISTRY.indicators.values()]
