"""A catalogue from three years of stays, by the technical specification (JD-11).

Every combination of diagnosis subcategory and procedures with enough cases is a core group; then every main procedure
with enough of the rest; what remains gathers by treatment in ever wider circles of diagnoses.  Scores are cost per case
÷ that of all cases, the years weighted 1:2:7.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions.dip import auxiliary, supervision
from yigongti.capabilities.payment.decisions.dip.cases import (
    TREATMENTS,
    Cases,
    Flags,
    Key,
    Rules,
    cases_of,
    kind_of,
    treatments,
)
from yigongti.capabilities.payment.decisions.dip.catalogue import Catalogue, Group, frozen
from yigongti.capabilities.payment.decisions.dip.matching import PREFIXES, GroupKey, Matcher
from yigongti.capabilities.payment.decisions.exact import E4, Ints, e4, half_up, summed
from yigongti.kernel.errors import Refusal

CASE_THRESHOLD = "payment.dip.case_threshold"
CORE_SHARE = "payment.dip.core_share"
YEAR_WEIGHTS = "payment.dip.year_weights"
LONGEST_STAY = "payment.dip.longest_stay"
SCORE_SCALE = "payment.dip.score_scale"
VARIATION_LIMIT = "payment.dip.variation_limit"
YEARS = ("earliest", "middle", "latest")

Chosen = list[tuple[GroupKey, int]]


@dataclass(frozen=True)
class Grouped:
    """Cases that make a catalogue with their groups: `groups` in the order of their ids, `group` each case's place."""

    cases: Cases
    groups: tuple[GroupKey, ...]
    group: Ints
    years: tuple[int, ...]

    @property
    def cells(self) -> Ints:
        """Each case's place in a table of group by year."""
        return self.group * len(self.years) + (self.cases.year - self.years[0])

    def per_year(self, values: Ints) -> Ints:
        """Σ values by group and year."""
        size = len(self.groups) * len(self.years)
        return summed(values, self.cells, size).reshape(len(self.groups), len(self.years))

    def per_group(self, values: Ints) -> Ints:
        """Σ values by group."""
        return summed(values, self.group, len(self.groups))


class NothingToCount(Refusal):
    """Stays of which not one has a diagnosis and a cost, so that no catalogue can be made of them."""


def build(stays: pa.Table, *, rules: Rules, levels: Mapping[str, str] | None = None) -> Catalogue:
    """The catalogue of these stays.  stays: columns of the fact table; levels: institution → level, where known.

    Raises NothingToCount where no stay can be counted.
    """
    every = cases_of(stays, rules=rules)
    years, left_out = _years(every), _left_out(every, rules)
    counted = ~np.logical_or.reduce(list(left_out.values()))
    if not counted.any():
        raise NothingToCount("没有可以用来建目录的住院", "住院数据", "要有主要诊断和费用", "核对文件")
    cases = cases_of(stays.filter(pa.array(counted)), rules=rules)
    grouped = _grouped(cases, years, rules)
    known = levels or {}
    groups, mean = _groups(grouped, known, rules)
    catalogue = Catalogue(
        years=years,
        mean_fen=half_up(mean),
        groups=groups,
        auxiliary=auxiliary.coefficients(cases, grouped.group, [group.id for group in groups if _is_core(group)],
                                         ids=[group.id for group in groups], rules=rules),
        institutions={},
        rules=_versions(rules),
        report=_report(groups, left_out, rules),
    )  # fmt: skip
    found = supervision.institutions(cases, catalogue, grouped.group, levels=known, rules=rules)
    return frozen(replace(catalogue, institutions=found))


def _is_core(group: Group) -> bool:
    return group.kind == "core"


def _years(cases: Cases) -> tuple[int, ...]:
    """The last three calendar years of the stays, or from the first one where there are fewer."""
    latest = int(cases.year.max(initial=0))
    first = max(int(cases.year.min(initial=latest)), latest - len(YEARS) + 1)
    return tuple(range(first, latest + 1))


def _left_out(cases: Cases, rules: Rules) -> dict[str, Flags]:
    """Which stays do not count, by reason."""
    return {
        "no_diagnosis_or_cost": ~cases.is_codable,
        "before_three_years": cases.year < _years(cases)[0],
        "too_long": cases.days > rules[LONGEST_STAY].days,
    }


def _grouped(cases: Cases, years: tuple[int, ...], rules: Rules) -> Grouped:
    counts = np.bincount(cases.key, minlength=len(cases.keys))
    treated = treatments(cases.keys, rules=rules)
    chosen = choose(cases.keys, counts.tolist(), treated, rules=rules)
    matcher = Matcher(chosen)
    matches = [matcher.match(key, treatment=how) for key, how in zip(cases.keys, treated, strict=True)]
    used = tuple(sorted({match for match in matches if match}, key=lambda each: each.id))
    place = {group: index for index, group in enumerate(used)}
    by_key = np.array([place[match] if match else -1 for match in matches], np.int64)
    return Grouped(cases, used, by_key[cases.key], years)


def choose(keys: Sequence[Key], counts: Sequence[int], treated: Sequence[str], *, rules: Rules) -> Chosen:
    """The groups of a catalogue with the cases that made each: core by combination, by main procedure, composite."""
    threshold = int(rules[CASE_THRESHOLD].exact)
    rows = list(zip(keys, counts, treated, strict=True))
    exact = _core((key.diagnosis, frozenset(key.procedures), count) for key, count, _ in rows)
    chosen = _enough(exact, threshold, rules)
    rest = [row for row in rows if Matcher(chosen).core(row[0]) is None] if not chosen else _unmatched(rows, chosen)
    mains = _core((key.diagnosis, frozenset(key.procedures[:1]), count) for key, count, _ in rest if key.procedures)
    chosen += _enough(mains, threshold, rules)
    rest = _unmatched(rows, chosen)
    for length in PREFIXES:
        gathered = _gathered(rest, length, threshold if length else 1)
        chosen += gathered
        taken = {(group.diagnosis, group.treatment) for group, _ in gathered}
        rest = [row for row in rest if (row[0].diagnosis[:length], row[2]) not in taken]
    return chosen


Row = tuple[Key, int, str]


def _unmatched(rows: Iterable[Row], chosen: Chosen) -> list[Row]:
    matcher = Matcher(chosen)
    return [row for row in rows if matcher.core(row[0]) is None]


def _core(found: Iterable[tuple[str, frozenset[str], int]]) -> Counter[tuple[str, frozenset[str]]]:
    counts: Counter[tuple[str, frozenset[str]]] = Counter()
    for diagnosis, procedures, count in found:
        counts[diagnosis, procedures] += count
    return counts


def _enough(counts: Counter[tuple[str, frozenset[str]]], threshold: int, rules: Rules) -> Chosen:
    kinds = {code: kind_of(code, rules=rules) for _, procedures in counts for code in procedures}
    return [
        (_core_key(diagnosis, procedures, kinds), count)
        for (diagnosis, procedures), count in counts.items()
        if count >= threshold and diagnosis
    ]


def _core_key(diagnosis: str, procedures: frozenset[str], kinds: Mapping[str, str]) -> GroupKey:
    treatment = max((kinds[code] for code in procedures), key=TREATMENTS.index, default=TREATMENTS[0])
    return GroupKey("core", diagnosis, tuple(sorted(procedures)), treatment)


def _gathered(rest: Iterable[Row], length: int, threshold: int) -> Chosen:
    """Composite groups of one circle around the diagnosis, where enough cases fall in it."""
    counts: Counter[tuple[str, str]] = Counter()
    for key, count, treatment in rest:
        counts[key.diagnosis[:length], treatment] += count
    return [
        (GroupKey("composite", prefix, (), treatment), count)
        for (prefix, treatment), count in sorted(counts.items())
        if count >= threshold
    ]


def _groups(grouped: Grouped, levels: Mapping[str, str], rules: Rules) -> tuple[tuple[Group, ...], Fraction]:
    """Every group with its figures, and the cost per case of all."""
    cases = grouped.cases
    counts, totals = grouped.per_year(np.ones(len(cases), np.int64)), grouped.per_year(cases.cost)
    weights = [Fraction(str(rules[YEAR_WEIGHTS].table[name])) for name in YEARS[-len(grouped.years) :]]
    overall = weighted_mean(counts.sum(axis=0).tolist(), totals.sum(axis=0).tolist(), weights)
    scale = Fraction(str(rules[SCORE_SCALE].exact))
    variation, means = _variations(grouped), _latest_means(grouped, levels)
    days, deaths = grouped.per_group(cases.days).tolist(), grouped.per_group(cases.died.astype(np.int64)).tolist()
    groups = []
    for index, key in enumerate(grouped.groups):
        number, total = counts[index].tolist(), totals[index].tolist()
        mean = weighted_mean(number, total, weights)
        figures = {"mean_fen": half_up(mean), "score_e4": e4(mean / overall * scale), "variation": variation[index],
                   "days_e4": half_up(Fraction(days[index] * E4, sum(number))), "deaths": deaths[index]}  # fmt: skip
        fixed = (key.id, key.kind, key.diagnosis, key.procedures, key.treatment, tuple(number), tuple(total))
        groups.append(Group(*fixed, **figures, means_fen=means[index]))
    return tuple(groups), overall


def weighted_mean(counts: Sequence[int], totals: Sequence[int], weights: Sequence[Fraction]) -> Fraction:
    """Cost per case over the years, weighted; a year without cases passes its weight on."""
    present = [(w, Fraction(total, n)) for w, total, n in zip(weights, totals, counts, strict=True) if n]
    return sum((w * mean for w, mean in present), Fraction(0)) / sum(w for w, _ in present)


def _variations(grouped: Grouped) -> list[float]:
    """The coefficient of variation of the cost within each group, summed in a fixed order."""
    order = np.lexsort((grouped.cases.cost, grouped.group))
    cost, group = grouped.cases.cost[order].astype(np.float64), grouped.group[order]
    starts = np.searchsorted(group, np.arange(len(grouped.groups)))
    number = np.diff(np.append(starts, len(group)))
    mean = np.add.reduceat(cost, starts) / number
    spread = np.sqrt(np.add.reduceat((cost - mean[group]) ** 2, starts) / number)
    return [round(float(value), 6) for value in spread / mean]


def _latest_means(grouped: Grouped, levels: Mapping[str, str]) -> list[dict[str, int]]:
    """Cost per case of the latest year by group: of all institutions (""), and of each level where it is known."""
    cases = grouped.cases
    latest = cases.year == grouped.years[-1]
    found: list[dict[str, int]] = [{} for _ in grouped.groups]
    for level, where in {"": latest, **_by_level(cases, levels, latest)}.items():
        size = len(grouped.groups)
        number = np.bincount(grouped.group[where], minlength=size)
        total = summed(cases.cost[where], grouped.group[where], size)
        for index in np.flatnonzero(number).tolist():
            found[index][level] = half_up(Fraction(int(total[index]), int(number[index])))
    return found


def _by_level(cases: Cases, levels: Mapping[str, str], latest: Flags) -> dict[str, Flags]:
    if not levels or not cases.has("institution_id"):
        return {}
    names, place = cases.places("institution_id")
    of_case = np.array([levels.get(name, "") for name in names])[place]
    return {level: latest & (of_case == level) for level in sorted(set(levels.values()))}


def _versions(rules: Rules) -> dict[str, str]:
    """The rules that decide about DIP, with the version in force."""
    return {name: rules[name].key for name in sorted(rules) if name.startswith("payment.dip.")}


def _report(groups: Sequence[Group], left_out: Mapping[str, Flags], rules: Rules) -> dict[str, object]:
    """How well the catalogue covers the stays and holds together."""
    core = [group for group in groups if _is_core(group)]
    cases, in_core = (sum(sum(group.cases) for group in some) for some in (groups, core))
    limit, wanted = rules[VARIATION_LIMIT], rules[CORE_SHARE]
    return {
        "stays": cases + int(np.logical_or.reduce(list(left_out.values())).sum()),
        "counted": cases,
        "left_out": {reason: int(flags.sum()) for reason, flags in left_out.items()},
        "core_groups": len(core),
        "composite_groups": len(groups) - len(core),
        "core_share": round(in_core / cases, 6),
        "core_share_wanted": float(wanted.number),
        "core_share_met": in_core > Fraction(str(wanted.exact)) * cases,
        "core_variation_limit": float(limit.number),
        "core_groups_beyond_variation": [group.id for group in core if group.variation > limit.number],
    }
