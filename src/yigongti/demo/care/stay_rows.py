"""Stays as they are written: ids, departments, money."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.calendar import completed_years
from yigongti.demo.care.attendance import Attended, stay_ids
from yigongti.demo.care.billing import Bill
from yigongti.demo.care.course import Course
from yigongti.demo.care.diagnoses import as_lists, vocabulary
from yigongti.demo.care.stays import WAYS
from yigongti.demo.care.visit_rows import GERIATRICS, WITH_GERIATRICS, optional
from yigongti.demo.catalogue import sheet
from yigongti.demo.keys import numbered
from yigongti.demo.people.residents import INSURED
from yigongti.demo.tables import coded

SEXES = ("male", "female")
_GERIATRIC_AGE = 75
_TCM_RATE = {
    "tcm_hospital": 1.6,
    "township_center": 0.5,
    "community_center": 0.5,
    "county_hospital": 0.25,
    "private_hospital": 0.4,
}
_NEWBORN_DAYS = 28


def columns(attended: Attended, billed: Bill, course: Course) -> Mapping[str, Any]:
    """The stay table of those admitted in a month."""
    world, stays, first, admitted = course.world, course.stays, attended.first_stay, attended.admitted
    each, people = attended.stays, world.people
    rng = world.streams.of("stay rows", attended.month)
    referral = course.stay_referrals.of_stay(stays)[admitted]
    total, fund = billed.total[first:], billed.fund[first:]
    age_days = each.admitted - people.birth[each.resident]
    weight = rng.normal(3150, 420, len(each)).clip(1100, 4600).round()
    operation = sheet("diseases").numbers("operation").astype(np.int64)[each.disease]
    return {
        "stay_id": stay_ids(admitted),
        "resident_id": world.resident(each.resident),
        "institution_id": world.institution(each.institution),
        "admitted_on": each.admitted,
        "discharged_on": each.discharged,
        "department": coded(*_department(attended, course)),
        "discharge_way": coded(stays.way[admitted], WAYS),
        "dx": as_lists(stays.diagnoses[admitted], vocabulary()),
        "procedures": _procedures(each.disease, stays.operated[admitted]),
        "age_years": completed_years(people.birth[each.resident], each.admitted),
        "age_days": _null_where(age_days, age_days >= 365),
        "sex": coded(people.female[each.resident].astype(np.int32), SEXES),
        "birth_weight_g": _null_where(weight, age_days > _NEWBORN_DAYS),
        "tcm": rng.random(len(each)) < _tcm_chance(course, each.disease, each.institution),
        "total_fen": total,
        "fund_fen": fund,
        "self_fen": total - fund,
        "deductible_fen": billed.deductible,
        **{f"{name}_fen": billed.parts[first:, place] for name, place in
           (("drug", 1), ("material", 2), ("exam", 3), ("lab", 4), ("service", 0))},
        "insured_as": coded(people.insured[each.resident], INSURED),
        "referral_id": optional(course.stay_referrals.each.ids, referral),
        "operation_level": _null_where(operation, ~stays.operated[admitted] | (operation == 0)),
    }  # fmt: skip


def _null_where(values: np.ndarray, absent: np.ndarray) -> pa.Array:
    return pa.array(values, mask=absent).cast(pa.float64() if values.dtype.kind == "f" else pa.int64())


def _department(attended: Attended, course: Course) -> tuple[np.ndarray, list[str]]:
    """By disease; part of the very old lie in geriatrics where there is one."""
    each, world = attended.stays, course.world
    rng = world.streams.of("wards", attended.month)
    text = sheet("diseases").text("department")
    names = list(dict.fromkeys([*text, GERIATRICS]))
    own = np.array([names.index(name) for name in text])[each.disease]
    medical = np.isin(sheet("diseases").text("profile"), ["medical", "rehab"])[each.disease]
    old = (world.people.age(each.resident, each.admitted) >= _GERIATRIC_AGE) & medical
    there = np.isin(world.institutions.kind, WITH_GERIATRICS)[each.institution]
    cut = np.isin(attended.admitted, course.stays.splits)
    return np.where(old & there & ~cut & (rng.random(len(own)) < 0.2), names.index(GERIATRICS), own), names


def _procedures(disease: np.ndarray, operated: np.ndarray) -> pa.ListArray:
    """The disease's procedures where they were done."""
    return as_lists(_done(disease, operated), sheet("procedures").text("code"))


def _done(disease: np.ndarray, operated: np.ndarray) -> np.ndarray:
    """[stay, place] lines of procedures.csv, −1 where there is none."""
    codes = sheet("procedures").text("code")
    cells = [cell.split("|") if cell else [] for cell in sheet("diseases").text("procedure")]
    table = np.full((len(cells), max(len(cell) for cell in cells)), -1)
    for row, cell in enumerate(cells):
        table[row, : len(cell)] = [codes.index(code) for code in cell]
    return np.where(operated[:, None], table[disease], -1)


def procedure_columns(attended: Attended, course: Course) -> Mapping[str, Any]:
    """The procedure table of the stays admitted in a month: each procedure done, on the day after admission."""
    each, admitted = attended.stays, attended.admitted
    done = _done(each.disease, course.stays.operated[admitted])
    row, place = np.nonzero(done >= 0)
    line, lines = done[row, place], sheet("procedures")
    return {
        "procedure_id": numbered("X", attended.stamp * 1_000_000 + np.arange(len(row)), 10),
        "resident_id": course.world.resident(each.resident[row]),
        "institution_id": course.world.institution(each.institution[row]),
        "encounter_id": stay_ids(admitted[row]),
        "day": np.minimum(each.admitted[row] + 1, each.discharged[row]),
        "code": coded(line, lines.text("code")),
        "name": coded(line, lines.text("name")),
    }


def _tcm_chance(course: Course, disease: np.ndarray, institution: np.ndarray) -> np.ndarray:
    rate = np.array([_TCM_RATE.get(kind, 0.0) for kind in course.world.institutions.kind])[institution]
    return np.minimum(sheet("diseases").numbers("tcm")[disease] * rate + 0.3 * (rate > 1), 0.95)
