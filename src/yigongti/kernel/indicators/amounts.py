"""Amounts: what an indicator counts or sums, and arithmetic over such tallies.

    in_county = VISITS.where(lambda visit: visit.in_county)
    in_county.where(lambda visit: visit.primary).count() / in_county.count()

An amount only describes.  A runner collects the tallies of many indicators (`tallies`), computes them in as few
scans as there are kinds of rows, and then works the arithmetic out with `evaluate`: on numbers or on whole arrays.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from yigongti.kernel.rules import RuleVersion

if TYPE_CHECKING:
    from yigongti.kernel.indicators.relations import Rows

How = Literal["count", "sum", "distinct"]
Era = Literal["now", "a_year_before"]

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class Amount:
    """A number to be worked out for every group; amounts combine with + - * / among themselves and with numbers."""

    def __add__(self, other: "Amount | float") -> "Combined":
        return Combined("+", self, amount(other))

    def __sub__(self, other: "Amount | float") -> "Combined":
        return Combined("-", self, amount(other))

    def __rsub__(self, other: float) -> "Combined":
        return Combined("-", amount(other), self)

    def __mul__(self, other: "Amount | float") -> "Combined":
        return Combined("*", self, amount(other))

    def __truediv__(self, other: "Amount | float") -> "Combined":
        return Combined("/", self, amount(other))

    def a_year_before(self) -> "Amount":
        """The same amount over the same days one year earlier, by the rules of today."""
        return self


@dataclass(frozen=True)
class Tally(Amount):
    """Rows counted, a column summed, or the different values of a column counted."""

    rows: "Rows"
    how: How
    of: str = ""
    era: Era = "now"

    def a_year_before(self) -> "Tally":
        return replace(self, era="a_year_before")


@dataclass(frozen=True)
class Constant(Amount):
    """A plain number that is arithmetic, not policy (100 for “per hundred”)."""

    number: float


@dataclass(frozen=True)
class Parameter(Amount):
    """The number of a rule (policy: a threshold, a norm), or of one cell of a rule that is a table."""

    rule_id: str
    cell: str = ""

    def of(self, version: RuleVersion) -> float:
        """The number in a version of the rule."""
        return float(version.table[self.cell] if self.cell else version.number)


@dataclass(frozen=True)
class Combined(Amount):
    """Two amounts and what is done with them: + - * /."""

    symbol: str
    left: Amount
    right: Amount

    def a_year_before(self) -> "Combined":
        return replace(self, left=self.left.a_year_before(), right=self.right.a_year_before())


def amount(value: "Amount | float") -> Amount:
    """An amount as it is; a number as a constant."""
    return value if isinstance(value, Amount) else Constant(float(value))


def parts(whole: Amount) -> Iterator[Amount]:
    """Every leaf of an amount, from left to right."""
    if isinstance(whole, Combined):
        yield from parts(whole.left)
        yield from parts(whole.right)
    else:
        yield whole


def tallies(*amounts: Amount) -> tuple[Tally, ...]:
    """The tallies that amounts rest on, each once, in the order of reading."""
    found = (part for whole in amounts for part in parts(whole) if isinstance(part, Tally))
    return tuple(dict.fromkeys(found))


def parameters(*amounts: Amount) -> tuple[str, ...]:
    """The rule ids whose numbers stand in amounts themselves (not those of their rows)."""
    found = (part.rule_id for whole in amounts for part in parts(whole) if isinstance(part, Parameter))
    return tuple(dict.fromkeys(found))


def evaluate(whole: Amount, *, tally: Callable[[Tally], Any], rules: Mapping[str, RuleVersion]) -> Any:
    """Work an amount out.  `tally` gives the number (or array, one place a group) of a leaf; `rules` the versions.

    Division by zero is the caller's affair: numpy arrays give nan or inf, plain floats raise ZeroDivisionError.
    """
    if isinstance(whole, Combined):
        left, right = (evaluate(side, tally=tally, rules=rules) for side in (whole.left, whole.right))
        return OPERATORS[whole.symbol](left, right)
    if isinstance(whole, Tally):
        return tally(whole)
    if isinstance(whole, Parameter):
        return whole.of(rules[whole.rule_id])
    assert isinstance(whole, Constant)
    return whole.number
