"""The coefficient of an institution: a base by level, with steps for difficulty, age and Chinese medicine.

The worked rule set is Xiamen's: each step compares an institution with the mean of its level, adds so much for every
so much above it, and is capped by level.  Primary institutions have their base alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Literal

from yigongti.capabilities.payment.decisions.dip.cases import Rules
from yigongti.capabilities.payment.decisions.exact import e4

BASE = "payment.dip.coefficient.base"
CASE_MIX = "payment.dip.coefficient.case_mix"
CHILDREN = "payment.dip.coefficient.children"
ELDERLY = "payment.dip.coefficient.elderly"
TCM = "payment.dip.coefficient.tcm"

Count = Literal["whole", "begun"]


@dataclass(frozen=True)
class Profile:
    """What the steps look at: case-mix index, shares of children's and old people's stays, share of TCM cost."""

    case_mix: Fraction
    children: Fraction
    elderly: Fraction
    tcm: Fraction


@dataclass(frozen=True)
class Coefficient:
    """The coefficient and its steps, in ten-thousandths."""

    total_e4: int
    steps: Mapping[str, int]


def coefficient(own: Profile, *, peers: Profile, level: str, rules: Rules) -> Coefficient:
    """An institution's coefficient; peers: the means of the institutions of its level."""
    pairs = {
        "case_mix": step(own.case_mix, peers.case_mix, level=level, table=rules[CASE_MIX].table),
        "children": step(own.children, peers.children, level=level, table=rules[CHILDREN].table),
        "elderly": step(own.elderly, peers.elderly, level=level, table=rules[ELDERLY].table, count="begun"),
        "tcm": step(own.tcm, peers.tcm, level=level, table=rules[TCM].table),
    }
    base = Fraction(str(rules[BASE].table[level]))
    steps = {"base": e4(base), **{name: e4(value) for name, value in pairs.items()}}
    return Coefficient(sum(steps.values()), steps)


def step(own: Fraction, peers: Fraction, *, level: str, table: Mapping[str, Any], count: Count = "whole") -> Fraction:
    """What one comparison adds: `add` for every whole `every` above the peers, at most what the level may have.

    count: "begun" adds once for being above at all, and again for every whole `every`.
    """
    if level not in table or not peers or own <= peers:
        return Fraction(0)
    times = floor((own - peers) / peers / _exact(table["every"])) + (count == "begun")
    return min(times * _exact(table["add"]), _exact(table[level]))


def _exact(value: int | Decimal) -> Fraction:
    return Fraction(str(value))
