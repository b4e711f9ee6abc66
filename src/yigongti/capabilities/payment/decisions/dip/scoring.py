"""Stays → groups and scores by a catalogue, each with its reasons.

A normal case has its group's score × the institution's coefficient × the highest auxiliary coefficient that fits.  One
that cost far less counts in proportion to its cost, one that cost far more for what lies above the limit as well;
neither takes a coefficient.  A case without a group counts by its cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.dip import auxiliary
from yigongti.capabilities.payment.decisions.dip.building import SCORE_SCALE
from yigongti.capabilities.payment.decisions.dip.cases import Cases, Flags, Rules, cases_of, treatments
from yigongti.capabilities.payment.decisions.dip.catalogue import Catalogue, Group
from yigongti.capabilities.payment.decisions.dip.matching import Matcher
from yigongti.capabilities.payment.decisions.dip.supervision import HIGH_DEVIATION, LOW_DEVIATION
from yigongti.capabilities.payment.decisions.exact import E4, Ints, divided, e4, half_up

BLANK_SHARE = "payment.dip.blank_share"
BASE_LEVEL_GROUPS = "payment.dip.base_level_groups"
BASE_LEVEL_FACTOR = "payment.dip.base_level_factor"
KIND_LABELS = {"core": "核心病种", "composite": "综合病种"}
_ONE = {"low": LOW_DEVIATION, "high": HIGH_DEVIATION}


@dataclass(frozen=True)
class Scored:
    """Cases with their group's place in the catalogue (-1: none), scores in ten-thousandths and what adjusted them."""

    cases: Cases
    catalogue: Catalogue
    group: Ints
    score_e4: Ints
    adjusted_e4: Ints
    deviation: NDArray[np.int8]
    mean_fen: Ints
    coefficient_e4: Ints
    auxiliary_e4: Ints
    labels: NDArray[np.int64]
    rules: Rules

    @cached_property
    def table(self) -> pa.Table:
        """`stay_id, group, kind, score, adjusted_score, reasons`, in the order of the stays."""
        names = pa.array([*(group.id for group in self.catalogue.groups), None], pa.string())
        kinds = pa.array([*(group.kind for group in self.catalogue.groups), None], pa.string())
        return pa.table(
            {
                "stay_id": self.cases.table["stay_id"],
                "group": names.take(pa.array(self.group % len(names))),
                "kind": kinds.take(pa.array(self.group % len(names))),
                "score": self.score_e4 / E4,
                "adjusted_score": self.adjusted_e4 / E4,
                "reasons": self._reasons(),
            }
        )

    def _reasons(self) -> pa.Array:
        """Each case's sentences; cases that are alike in all that matters are told once, deviating ones one by one."""
        _, first, like = np.unique(self._likeness(), return_index=True, return_inverse=True)
        told = [self._told(at) for at in first.tolist()]
        deviating = np.flatnonzero(self.deviation)
        which = like.reshape(-1).astype(np.int64)
        alone = [
            [told[kind][0], self._deviated(at)] for at, kind in zip(deviating.tolist(), which[deviating], strict=True)
        ]
        which[deviating] = len(told) + np.arange(len(deviating))
        return pa.array([*told, *alone], pa.list_(pa.string())).take(pa.array(which))

    def _likeness(self) -> Ints:
        """A number that cases share which have the same group, label and coefficient, or the same lack of a group."""
        coefficients, coefficient = np.unique(self.coefficient_e4, return_inverse=True)
        of_group = (self.group + 1) * (len(_LABELS) + 1) + self.labels
        lacking = np.where(self.group < 0, _lacks(self.cases), 0)
        found: Ints = (of_group * len(coefficients) + coefficient.reshape(-1)) * len(_LACKING) + lacking
        return found

    def _told(self, at: int) -> list[str]:
        if self.group[at] < 0:
            return [_LACKING[int(_lacks(self.cases)[at])]]
        group = self.catalogue.groups[self.group[at]]
        told = [f"{KIND_LABELS[group.kind]} {group.id},分值 {group.score_e4 / E4:g}"]
        if self.coefficient_e4[at] != E4:
            told.append(f"机构系数 {self.coefficient_e4[at] / E4:g}")
        if self.labels[at]:
            catalogue, label = _LABELS[self.labels[at] - 1]
            named = f"{auxiliary.CATALOGUE_LABELS[catalogue]}({auxiliary.LABELS[catalogue][label]})"
            told.append(f"辅助目录 {named}系数 {self.auxiliary_e4[at] / E4:g}")
        return told

    def _deviated(self, at: int) -> str:
        times = half_up(Fraction(int(self.cases.cost[at]) * 100, int(self.mean_fen[at])))
        which = "low" if self.deviation[at] < 0 else "high"
        named = "费用过低" if which == "low" else "费用过高"
        return f"{named}病例:费用为例均费用的 {times}%(界限 {self.rules[_ONE[which]].text}),按偏差折算,不乘系数"


_LABELS = [(catalogue, label) for catalogue, labels in auxiliary.LABELS.items() for label in labels]


_LACKING = ("目录里没有对应病种,按费用折算", "没有费用,不能计分", "没有主要诊断,不能入组")


def _lacks(cases: Cases) -> Ints:
    """What keeps each case out of the groups, as a place in the list; 0: only that the catalogue has none for it."""
    without_diagnosis = np.array([not key.diagnosis for key in cases.keys], bool)[cases.key]
    return np.where(without_diagnosis, 2, np.where(cases.cost <= 0, 1, 0)).astype(np.int64)


def score(stays: pa.Table, catalogue: Catalogue, *, rules: Rules, levels: Mapping[str, str] | None = None) -> Scored:
    """The groups and scores of stays.  levels: institution → level; else the catalogue's own are used."""
    cases = cases_of(stays, rules=rules)
    group = _groups(cases, catalogue, rules)
    known = {name: each.level for name, each in catalogue.institutions.items()} | dict(levels or {})
    mean = _means(cases, catalogue, group, known)
    base = np.array([*(each.score_e4 for each in catalogue.groups), 0], np.int64)[group]
    deviation = _deviations(cases.cost, mean, group, rules)
    labels, auxiliary_e4 = _auxiliary(cases, catalogue, group, rules)
    coefficient = _coefficients(cases, catalogue, group, rules)
    adjusted = divided(divided(base * coefficient, E4) * auxiliary_e4, E4)
    adjusted = np.where(deviation < 0, _low(base, cases.cost, mean), adjusted)
    adjusted = np.where(deviation > 0, _high(base, cases.cost, mean, rules), adjusted)
    blank = group < 0
    adjusted[blank] = _by_cost(cases, catalogue, rules)[blank]
    return Scored(cases, catalogue, group, base, adjusted, deviation, mean, coefficient, auxiliary_e4, labels, rules)


def _groups(cases: Cases, catalogue: Catalogue, rules: Rules) -> Ints:
    matcher = Matcher((group.key, sum(group.cases)) for group in catalogue.groups)
    place = {group.key: index for index, group in enumerate(catalogue.groups)}
    treated = treatments(cases.keys, rules=rules)
    matches = [matcher.match(key, treatment=how) for key, how in zip(cases.keys, treated, strict=True)]
    by_key = np.array([place[match] if match else -1 for match in matches], np.int64)
    return np.where(cases.is_codable, by_key[cases.key], -1) if len(cases) else np.zeros(0, np.int64)


def _means(cases: Cases, catalogue: Catalogue, group: Ints, levels: Mapping[str, str]) -> Ints:
    """What each case's cost is held against: last year's mean of its group at its level, at all, over the years."""
    kinds = sorted({""} | set(levels.values()))
    table = np.array(
        [[_mean(each, kind) for kind in kinds] for each in catalogue.groups] + [[1] * len(kinds)], np.int64
    )
    if not cases.has("institution_id"):
        return np.asarray(table[group, 0], np.int64)
    names, place = cases.places("institution_id")
    kind = np.array([kinds.index(levels.get(name, "")) for name in names], np.int64)
    return np.asarray(table[group, kind[place]], np.int64)


def _mean(group: Group, level: str) -> int:
    return group.means_fen.get(level) or group.means_fen.get("") or group.mean_fen


def _deviations(cost: Ints, mean: Ints, group: Ints, rules: Rules) -> NDArray[np.int8]:
    """-1 far below the mean, 1 far above it, else 0."""
    low, high = (Fraction(str(rules[rule].exact)) for rule in (LOW_DEVIATION, HIGH_DEVIATION))
    found = np.zeros(len(cost), np.int8)
    found[cost * low.denominator <= mean * low.numerator] = -1
    found[cost * high.denominator >= mean * high.numerator] = 1
    found[group < 0] = 0
    return found


def _low(base: Ints, cost: Ints, mean: Ints) -> Ints:
    return divided(base * cost, mean)


def _high(base: Ints, cost: Ints, mean: Ints, rules: Rules) -> Ints:
    """Score × (cost ÷ mean − limit + 1)."""
    limit = e4(Fraction(str(rules[HIGH_DEVIATION].exact)))
    times = divided(cost * E4, mean) - limit + E4
    return divided(base * np.maximum(times, 0), E4)


def _by_cost(cases: Cases, catalogue: Catalogue, rules: Rules) -> Ints:
    each = Fraction(str(rules[SCORE_SCALE].exact)) * Fraction(str(rules[BLANK_SHARE].exact)) * E4
    scored = divided(cases.cost * half_up(each), catalogue.mean_fen)
    return np.where(cases.is_codable, scored, 0)


def _coefficients(cases: Cases, catalogue: Catalogue, group: Ints, rules: Rules) -> Ints:
    """Each case's institution coefficient; base-level groups have one for all, unknown institutions 1."""
    if not cases.has("institution_id"):
        return np.full(len(cases), E4, np.int64)
    names, place = cases.places("institution_id")
    known = [catalogue.institutions.get(name) for name in names]
    own = np.array([each.coefficient_e4 or E4 if each else E4 for each in known], np.int64)
    base_level = e4(Fraction(str(rules[BASE_LEVEL_FACTOR].exact)))
    return np.where(_base_level(catalogue, rules)[group], base_level, own[place])


def _base_level(catalogue: Catalogue, rules: Rules) -> Flags:
    codes = rules[BASE_LEVEL_GROUPS].codes
    flags = [group.kind == "core" and not group.procedures and group.diagnosis in codes for group in catalogue.groups]
    return np.array([*flags, False], bool)


def _auxiliary(cases: Cases, catalogue: Catalogue, group: Ints, rules: Rules) -> tuple[Ints, Ints]:
    """The auxiliary label that counts for each case (1 + its place in the list, 0 none), and its coefficient."""
    best, which = np.zeros(len(cases), np.int64), np.zeros(len(cases), np.int64)
    labelled = auxiliary.labels_of(cases, rules=rules)
    for number, (name, label) in enumerate(_LABELS, start=1):
        table = [catalogue.auxiliary.get(f"{each.id}/{name}/{label}", 0) for each in catalogue.groups]
        own = np.array([*table, 0], np.int64)[group] * (labelled[name] == label)
        which = np.where(own > best, number, which)
        best = np.maximum(best, own)
    return which, np.where(best > 0, best, E4)
