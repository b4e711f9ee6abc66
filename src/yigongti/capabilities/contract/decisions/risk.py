"""How closely somebody is to be looked after: by the key groups the record shows (rule contract.risk)."""

from collections.abc import Iterable
from enum import StrEnum

from yigongti.kernel.rules import RuleVersion


class Risk(StrEnum):
    """The level of risk; the value is the identifier."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        return {"high": "高风险", "medium": "中风险", "low": "低风险"}[self]

    @property
    def order(self) -> int:
        """0 for the highest."""
        return list(Risk).index(self)


def risk_of(key_groups: Iterable[str], *, version: RuleVersion) -> Risk:
    """The highest level that any of the groups has; low where none has one."""
    levels = {version.codes.group_of(group) for group in key_groups}
    return next((risk for risk in Risk if risk.value in levels), Risk.LOW)
