"""The parameters of a case as rules: a suite names them in plain words, the product's decisions read rules."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook, RuleVersion

DAY = date(2025, 12, 31)
"""The day the suite's cases are judged on; their parameters hold on every day."""

Rules = Mapping[str, RuleVersion]


def book_of(parameters: Mapping[str, Any], names: Mapping[str, str]) -> RuleBook:
    """The national rules with a case's parameters in their place.  names: parameter → rule id.

    Raises Refusal on a parameter that the subject does not have.
    """
    unknown = sorted(set(parameters) - set(names))
    if unknown:
        raise Refusal(f"不认识的参数 {'、'.join(unknown)}", remedy=f"可用:{'、'.join(names)}")
    return _national().with_values({names[name]: _value(value) for name, value in parameters.items()})


def rules_of(parameters: Mapping[str, Any], names: Mapping[str, str]) -> Rules:
    """The same on the suite's day."""
    return book_of(parameters, names).on(DAY)


def _value(value: Any) -> Any:
    """A value as a rule file would have it."""
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else value


@lru_cache
def _national() -> RuleBook:
    return RuleBook.load()
