"""Auxiliary catalogues: age, severity of disease, severity of tumour, comorbidity (CCI).

A label's coefficient in a group is the cost per case of the group's cases with that label ÷ that of the whole group,
where there are enough such cases.  Of several labels of a case the one with the highest coefficient counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.dip.cases import (
    ICD9_WITHOUT_DOT,
    ICD10_WITHOUT_DOT,
    Cases,
    Flags,
    Rules,
    code_lists,
    normal,
)
from yigongti.capabilities.payment.decisions.exact import Ints, e4, summed

AUXILIARY_CASES = "payment.dip.auxiliary_cases"
AGE_BANDS = "payment.dip.age_bands"
NEWBORN_DAYS = "payment.dip.newborn_days"
SHORT_STAY = "payment.dip.short_stay"
COMPLICATIONS = "payment.dip.complications"
COMORBIDITIES = "payment.dip.comorbidities"
COMORBIDITY_WEIGHTS = "payment.dip.comorbidity_weights"
COMORBIDITY_BANDS = "payment.dip.comorbidity_bands"
TUMOURS = "payment.dip.tumours"
TUMOUR_PROCEDURES = "payment.dip.tumour_procedures"
CATEGORY = 3
"""Characters of an ICD-10 category."""

LABELS: Mapping[str, Mapping[str, str]] = {
    "age": {"newborn": "新生儿", "infant": "婴儿", "child": "儿童", "youth": "少年", "elder": "老年"},
    "severity": {"I-A": "轻度 I-A", "II": "中度 II", "III": "重度 III", "IV-A": "死亡 IV-A", "IV-B": "死亡 IV-B"},
    "tumour": {"I-A": "轻度 I-A", "II": "中度 II", "III": "重度 III", "IV": "转移 IV", "V-A": "放疗 V-A",
               "V-B": "化疗 V-B", "VI-A": "死亡 VI-A", "VI-B": "死亡 VI-B"},
    "cci": {"mild": "一般", "severe": "严重", "extreme": "极严重"},
}  # fmt: skip
"""Auxiliary catalogue → labels that adjust; adults, class I-B and cases without comorbidity stay as they are."""
CATALOGUE_LABELS = {"age": "年龄", "severity": "疾病严重程度", "tumour": "肿瘤严重程度", "cci": "CCI 指数"}

Labels = dict[str, np.ndarray]


@dataclass(frozen=True)
class Codes:
    """A list column laid flat: each code's row, whether it is the row's first, and the distinct codes in order."""

    row: Ints
    is_first: Flags
    values: Sequence[str]
    place: Ints
    rows: int

    def having(self, flags: Sequence[bool], among: Flags | None = None) -> Flags:
        """The rows with a code that is flagged (by distinct code), among some of the codes."""
        hit = np.array([*flags, False], bool)[self.place]
        found = np.zeros(self.rows, bool)
        found[self.row[hit if among is None else hit & among]] = True
        return found


def codes_of(column: pa.ChunkedArray, *, pattern: str) -> Codes:
    """The codes of a list column, written alike."""
    lists = code_lists(column)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = pc.fill_null(normal(lists.flatten(), pattern=pattern), "").dictionary_encode()
    starts = np.append(0, lengths.cumsum())[:-1]
    is_first = np.zeros(len(flat), bool)
    is_first[starts[lengths > 0]] = True
    place = flat.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Codes(np.repeat(np.arange(len(lists)), lengths), is_first, flat.dictionary.to_pylist(), place, len(lists))


def labels_of(cases: Cases, *, rules: Rules) -> Labels:
    """The label of every case in each auxiliary catalogue; "" where it has none."""
    diagnoses = codes_of(cases.table["dx"], pattern=ICD10_WITHOUT_DOT)
    found = {"age": _ages(cases, rules), "cci": _comorbidity(diagnoses, rules)}
    tumour, of_tumours = _tumours(cases, diagnoses, rules), _severity(cases, diagnoses, rules, died="VI")
    others = _severity(cases, diagnoses, rules, died="IV")
    special = _tumour_classes(cases, diagnoses, rules)
    alive = ~np.char.startswith(of_tumours, "VI")
    classed = np.where(alive & (special != ""), special, of_tumours)
    return found | {"severity": np.where(tumour, "", others), "tumour": np.where(tumour, classed, "")}


def _ages(cases: Cases, rules: Rules) -> np.ndarray:
    if not cases.has("age_years"):
        return np.full(len(cases), "", "U8")
    years, bands = cases.integers("age_years"), rules[AGE_BANDS]
    names = np.array([str(bands.band(year).value) for year in range(int(years.max(initial=0)) + 1)])
    found = names[years].astype("U8")
    if cases.has("age_days"):
        given = np.asarray(pc.is_valid(cases.table["age_days"]).to_numpy(zero_copy_only=False), bool)
        found[(years == 0) & given & (cases.integers("age_days") <= rules[NEWBORN_DAYS].days)] = "newborn"
    return found


def _tumours(cases: Cases, diagnoses: Codes, rules: Rules) -> Flags:
    groups = rules[TUMOURS].codes
    main = [groups.group_of(code) in ("tumour", "radiotherapy", "chemotherapy") for code in diagnoses.values]
    return diagnoses.having(main, diagnoses.is_first)


def _severity(cases: Cases, diagnoses: Codes, rules: Rules, *, died: str) -> np.ndarray:
    """I-A/I-B by days, II with a complication, III with a major one, and dead within or after a short stay."""
    short = cases.days <= rules[SHORT_STAY].days if cases.has("admitted_on") else np.zeros(len(cases), bool)
    graver = {"II": "cc", "III": "mcc"}
    found = np.where(short, "I-A", "I-B").astype("U4")
    for label, grade in graver.items():
        found[_complicated(diagnoses, grade, rules)] = label
    found[cases.died] = f"{died}-B"
    found[cases.died & short] = f"{died}-A"
    return found


def _complicated(diagnoses: Codes, grade: str, rules: Rules) -> Flags:
    """Cases with another diagnosis of that grade, in another category than the principal one."""
    groups = rules[COMPLICATIONS].codes
    flags = [groups.group_of(code) == grade for code in diagnoses.values]
    categories = {name: index for index, name in enumerate(sorted({code[:CATEGORY] for code in diagnoses.values}))}
    category = np.array([categories[code[:CATEGORY]] for code in diagnoses.values], np.int64)[diagnoses.place]
    principal = np.full(diagnoses.rows, -1, np.int64)
    principal[diagnoses.row[diagnoses.is_first]] = category[diagnoses.is_first]
    return diagnoses.having(flags, ~diagnoses.is_first & (category != principal[diagnoses.row]))


def _tumour_classes(cases: Cases, diagnoses: Codes, rules: Rules) -> np.ndarray:
    """Spread, then radiotherapy, then chemotherapy: the later one counts; "" with none of them."""
    named, done = rules[TUMOURS].codes, rules[TUMOUR_PROCEDURES].codes
    procedures = codes_of(cases.table["procedures"], pattern=ICD9_WITHOUT_DOT)
    found = np.full(len(cases), "", "U4")
    spread = [any(code in each for each in named.groups["metastasis"]) for code in diagnoses.values]
    found[diagnoses.having(spread, ~diagnoses.is_first)] = "IV"
    for label, treatment in {"V-A": "radiotherapy", "V-B": "chemotherapy"}.items():
        by_code = diagnoses.having([named.group_of(code) == treatment for code in diagnoses.values])
        found[by_code | procedures.having([done.group_of(code) == treatment for code in procedures.values])] = label
    return found


def _comorbidity(diagnoses: Codes, rules: Rules) -> np.ndarray:
    """The grade of each case's index: the weights of its secondary diagnoses' comorbidities, each counted once."""
    weights, groups = rules[COMORBIDITY_WEIGHTS].table, rules[COMORBIDITIES].codes
    index = np.zeros(diagnoses.rows, np.int64)
    for name, ranges in groups.groups.items():
        flags = [any(code in each for each in ranges) for code in diagnoses.values]
        index += int(weights[name]) * diagnoses.having(flags, ~diagnoses.is_first)
    bands = rules[COMORBIDITY_BANDS]
    names = np.array([str(bands.band(value).value) for value in range(int(index.max(initial=0)) + 1)])
    return np.asarray(names[index].astype("U8"))


def coefficients(cases: Cases, group: Ints, core: Sequence[str], *, ids: Sequence[str], rules: Rules) -> dict[str, int]:
    """ "group/catalogue/label" → coefficient in ten-thousandths, of the core groups with enough such cases."""
    enough, found, labelled = int(rules[AUXILIARY_CASES].exact), {}, labels_of(cases, rules=rules)
    number, total = np.bincount(group, minlength=len(ids)), summed(cases.cost, group, len(ids))
    wanted = set(core)
    for catalogue, labels in LABELS.items():
        for label in labels:
            where = labelled[catalogue] == label
            cases_of = np.bincount(group[where], minlength=len(ids))
            costs = summed(cases.cost[where], group[where], len(ids))
            for at in np.flatnonzero(cases_of >= enough).tolist():
                if ids[at] in wanted and cases_of[at] < number[at]:
                    mean = Fraction(int(costs[at]), int(cases_of[at]))
                    found[f"{ids[at]}/{catalogue}/{label}"] = e4(mean / Fraction(int(total[at]), int(number[at])))
    return dict(sorted(found.items()))
