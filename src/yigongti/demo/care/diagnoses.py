"""The diagnoses of a stay: the principal one, long-term diseases, complications, and what was added without ground."""

import numpy as np
import pyarrow as pa

from yigongti.demo.care.admissions import Admissions
from yigongti.demo.catalogue import CHRONIC, sheet
from yigongti.demo.people.residents import People
from yigongti.demo.tables import lists

_CHRONIC_CODES = dict(zip(CHRONIC, ("I10.x00x002", "E11.900", "J44.900", "F20.900", "A16.200x002"), strict=True))
_WRITTEN_DOWN = 0.8
_COMPLICATION = 0.17
UPCODES = ("J96.000", "A41.900", "E87.600")
"""Serious complications that the upcoding hospital adds."""


def vocabulary() -> list[str]:
    """Every ICD-10 code that a stay can carry; diagnoses are indices into it."""
    lines = sheet("diseases")
    complications = [code for cell in lines.text("complications") for code in cell.split("|") if code]
    return list(dict.fromkeys([*lines.text("code"), *_CHRONIC_CODES.values(), *complications, *UPCODES]))


def diagnose(found: Admissions, people: People, rng: np.random.Generator) -> np.ndarray:
    """[stay, place] codes by index, principal first, −1 where there is none; no code twice in a stay."""
    lines, names = sheet("diseases"), vocabulary()
    principal = np.array([names.index(code) for code in lines.text("code")])
    columns = [principal[found.disease], np.where(found.tumour >= 0, principal[found.tumour], -1)]
    for place, disease in enumerate(CHRONIC):
        has = people.chronic[place][found.resident] & (rng.random(len(found)) < _WRITTEN_DOWN)
        columns.append(np.where(has, names.index(_CHRONIC_CODES[disease]), -1))
    possible = _complications(lines.text("complications"), names)
    old = 1 + 0.5 * (people.age(found.resident, found.admitted) >= 65)
    for place in range(possible.shape[1]):
        happens = rng.random(len(found)) < _COMPLICATION * old
        columns.append(np.where(happens, possible[found.disease, place], -1))
    return _without_repeats(np.column_stack(columns))


def _complications(cells: list[str], names: list[str]) -> np.ndarray:
    width = max(cell.count("|") + 1 for cell in cells)
    table = np.full((len(cells), width), -1)
    for row, cell in enumerate(cells):
        codes = [code for code in cell.split("|") if code]
        table[row, : len(codes)] = [names.index(code) for code in codes]
    return table


def _without_repeats(codes: np.ndarray) -> np.ndarray:
    for later in range(1, codes.shape[1]):
        repeated = (codes[:, :later] == codes[:, later : later + 1]).any(axis=1)
        codes[repeated, later] = -1
    return codes


def as_lists(codes: np.ndarray, values: list[str]) -> pa.ListArray:
    """Rows of indices, −1 for none, to lists of codes."""
    present = codes >= 0
    return lists(present.sum(axis=1), pa.array(values, pa.string()).take(pa.array(codes[present])))
