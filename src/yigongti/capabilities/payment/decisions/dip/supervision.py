"""Institutions against their peers: supervision indices of the technical specification, and their coefficients.

An index is an institution's rate ÷ that of its level (of all, where levels are not known); 1 is the peers' mean, null
where the peers have no such case or the facts do not give it.  Working definitions:
  coding_high    cases with a complication that cost no more than the low deviation of their group
  coding_low     cases without a complication that cost no less than the high deviation of their group
  readmission    points by days since the person's last discharge from the same institution, per case
  low_standard   short stays without procedure, complication or death
  overlong       stays longer than so many times their group's mean
  death_risk     deaths ÷ those expected by the groups' mortality
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions.dip import auxiliary
from yigongti.capabilities.payment.decisions.dip.cases import Cases, Flags, Rules
from yigongti.capabilities.payment.decisions.dip.catalogue import Catalogue, Institution
from yigongti.capabilities.payment.decisions.dip.coefficient import CHILDREN, ELDERLY, Coefficient, Profile, coefficient
from yigongti.capabilities.payment.decisions.exact import E4, Ints, summed

LOW_DEVIATION = "payment.dip.low_deviation"
HIGH_DEVIATION = "payment.dip.high_deviation"
READMISSION_BANDS = "payment.dip.readmission_bands"
LOW_STANDARD_DAYS = "payment.dip.low_standard_days"
OVERLONG_TIMES = "payment.dip.overlong_times"
INDICES = ("coding_high", "coding_low", "readmission", "low_standard", "overlong", "death_risk")

Signals = dict[str, Ints | None]


def institutions(
    cases: Cases, catalogue: Catalogue, group: Ints, *, levels: Mapping[str, str], rules: Rules
) -> dict[str, Institution]:
    """Every institution's coefficient and indices; none where the facts do not say where stays were."""
    if not cases.has("institution_id"):
        return {}
    names, place = cases.places("institution_id")
    of_level = [levels.get(name, "") for name in names]
    number = np.bincount(place, minlength=len(names))
    expected = _expected_deaths(catalogue, group)
    sums = {name: None if signal is None else summed(signal, place, len(names)) for name, signal in
            _signals(cases, catalogue, group, rules).items()}  # fmt: skip
    bases = dict.fromkeys(INDICES, number) | {"death_risk": summed(expected, place, len(names))}
    profiles = _profiles(cases, catalogue, group, place, number, rules)
    return {
        name: _institution(
            _coefficient(at, of_level, profiles, rules),
            level=of_level[at],
            indices={index: _index(at, of_level, sums[index], bases[index]) for index in INDICES},
        )
        for at, name in enumerate(names)
    }


def _index(at: int, of_level: list[str], amounts: Ints | None, bases: Ints) -> float | None:
    """Own rate ÷ the peers'."""
    if amounts is None:
        return None
    peers = [index for index, level in enumerate(of_level) if level == of_level[at]]
    amount, base = sum(int(amounts[each]) for each in peers), sum(int(bases[each]) for each in peers)
    if not amount or not base or not int(bases[at]):
        return None
    return round(float(Fraction(int(amounts[at]), int(bases[at])) / Fraction(amount, base)), 4)


def _expected_deaths(catalogue: Catalogue, group: Ints) -> Ints:
    """Each case's risk of dying by its group, in ten-thousandths."""
    risks = [each.deaths * E4 // sum(each.cases) for each in catalogue.groups]
    return np.array(risks, np.int64)[group]


def _signals(cases: Cases, catalogue: Catalogue, group: Ints, rules: Rules) -> Signals:
    labels = auxiliary.labels_of(cases, rules=rules)
    graver = np.isin(labels["severity"], ["II", "III"]) | np.isin(labels["tumour"], ["II", "III"])
    mean = np.array([each.mean_fen for each in catalogue.groups], np.int64)[group]
    low, high = (_beyond(rules, rule) for rule in (LOW_DEVIATION, HIGH_DEVIATION))
    cheap, dear = cases.cost * low[1] <= mean * low[0], cases.cost * high[1] >= mean * high[0]
    has_days, has_way = cases.has("admitted_on"), cases.has("discharge_way")
    plain = np.array([not key.procedures for key in cases.keys], bool)[cases.key] & ~graver & ~cases.died
    return {
        "coding_high": _counted(graver & cheap),
        "coding_low": _counted(~graver & dear),
        "readmission": _readmissions(cases, rules) if cases.has("resident_id", "admitted_on") else None,
        "low_standard": _counted(plain & (cases.days <= rules[LOW_STANDARD_DAYS].days)) if has_days else None,
        "overlong": _counted(_overlong(cases, catalogue, group, rules)) if has_days else None,
        "death_risk": _counted(cases.died) * E4 if has_way else None,
    }


def _counted(flags: Flags) -> Ints:
    return flags.astype(np.int64)


def _beyond(rules: Rules, rule: str) -> tuple[int, int]:
    ratio = Fraction(str(rules[rule].exact))
    return ratio.numerator, ratio.denominator


def _overlong(cases: Cases, catalogue: Catalogue, group: Ints, rules: Rules) -> Flags:
    times = Fraction(str(rules[OVERLONG_TIMES].exact))
    mean = np.array([each.days_e4 for each in catalogue.groups], np.int64)[group]
    found: Flags = cases.days * E4 * times.denominator > mean * times.numerator
    return found


def _readmissions(cases: Cases, rules: Rules) -> Ints:
    """The points of each stay by the days since the same person's last discharge from the same institution."""
    bands = rules[READMISSION_BANDS]
    days = {
        name: np.asarray(cases.table[name].cast(pa.int32()).to_numpy()) for name in ("admitted_on", "discharged_on")
    }
    person, where = cases.places("resident_id")[1], cases.places("institution_id")[1]
    order = np.lexsort((days["discharged_on"], days["admitted_on"], where, person))
    again = (np.diff(person[order]) == 0) & (np.diff(where[order]) == 0)
    gap = days["admitted_on"][order][1:] - days["discharged_on"][order][:-1]
    points = np.zeros(len(cases), np.int64)
    known = {int(value): int(bands.band(int(value)).value or 0) for value in np.unique(gap[again & (gap >= 0)])}
    for at in np.flatnonzero(again & (gap >= 0)).tolist():
        points[order[at + 1]] = known[int(gap[at])]
    return points


def _profiles(
    cases: Cases, catalogue: Catalogue, group: Ints, place: Ints, number: Ints, rules: Rules
) -> list[Profile]:
    """What the steps of the coefficient look at, by institution."""
    weight = np.array([each.mean_fen * E4 // catalogue.mean_fen for each in catalogue.groups], np.int64)[group]
    young, old = (int(rules[rule].table["age"]) for rule in (CHILDREN, ELDERLY))
    age = cases.integers("age_years")
    known = cases.has("age_years")
    columns = {
        "case_mix": (weight, number * E4),
        "children": (_counted((age <= young) & known), number),
        "elderly": (_counted((age >= old) & known), number),
        "tcm": (cases.cost * cases.equals("tcm", True), summed(cases.cost, place, len(number))),
    }
    sums = {name: (summed(values, place, len(number)), bases) for name, (values, bases) in columns.items()}
    return [
        Profile(**{name: Fraction(int(values[at]), int(bases[at])) for name, (values, bases) in sums.items()})
        for at in range(len(number))
    ]


def _institution(found: Coefficient | None, *, level: str, indices: Mapping[str, float | None]) -> Institution:
    return Institution(level, found.total_e4 if found else None, found.steps if found else {}, indices)


def _coefficient(at: int, of_level: list[str], profiles: list[Profile], rules: Rules) -> Coefficient | None:
    """An institution's coefficient by its level; none where the level is not known."""
    level = of_level[at]
    if not level:
        return None
    peers = [profile for profile, each in zip(profiles, of_level, strict=True) if each == level]
    return coefficient(profiles[at], peers=_mean(peers), level=level, rules=rules)


def _mean(profiles: list[Profile]) -> Profile:
    names = ("case_mix", "children", "elderly", "tcm")
    return Profile(**{name: sum(getattr(each, name) for each in profiles) / len(profiles) for name in names})
