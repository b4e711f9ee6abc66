"""Shares and factors that rules give, held to what they can be: money is neither made nor taken by a slip in a rule."""

from decimal import Decimal
from fractions import Fraction

from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleVersion

WHOLE = Fraction(1)


def share_of(rule: RuleVersion) -> Fraction:
    """A part of a whole.  Raises Refusal unless it is 0 to 100 %."""
    return _within(rule, rule.exact, high=WHOLE)


def factor_of(rule: RuleVersion) -> Fraction:
    """What an amount is multiplied by.  Raises Refusal where it is below 0."""
    return _within(rule, rule.exact, high=None)


def share_in(rule: RuleVersion, value: object) -> Fraction:
    """A part of a whole that stands in a rule's table or bands.  Raises Refusal unless it is 0 to 100 %."""
    return _within(rule, Decimal(str(value)), high=WHOLE)


def _within(rule: RuleVersion, value: object, *, high: Fraction | None) -> Fraction:
    found = Fraction(str(value))
    if found < 0 or (high is not None and found > high):
        bounds = "不小于 0" if high is None else "0% 至 100%"
        raise Refusal(
            f"规则“{rule.label}”的值应为{bounds},现为 {float(found):g}", f"{rule.rule_id}({rule.key})",
            "比例之外的值会凭空多出或少掉钱", "改正规则,或改正假设的值",
        )  # fmt: skip
    return found
