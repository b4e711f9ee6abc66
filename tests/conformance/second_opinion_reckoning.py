"""Exact reckoning for the second opinion: shares, bands, largest remainder."""

from fractions import Fraction
from typing import Any

Row = dict[str, Any]


class Refused(Exception):
    """The suite says that this input is to be refused."""


def fraction(value: Any) -> Fraction:
    """A number or a text such as 85%."""
    text = str(value)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def largest_remainder(total: int, weights: list[Fraction]) -> list[int]:
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [each.numerator // each.denominator for each in exact]
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] - shares[place]), place))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares


def four_places(value: Fraction) -> float:
    return int(value * 10_000 + Fraction(1, 2)) / 10_000


def band(bands: list[Row], value: Fraction) -> Fraction:
    for each in bands:
        if "up_to" not in each or value <= fraction(each["up_to"]):
            return fraction(each["value"])
    raise AssertionError(f"{value} is in no band")
