"""What is examined and done at an encounter, by the order groups of the catalogue."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.encounters import Orders
from yigongti.demo.care.sites import CARES
from yigongti.demo.care.visits import CHECK_UP, HOME, INTERNET, Visits
from yigongti.demo.catalogue import complaints, goods, order_groups, sheet
from yigongti.demo.land.institutions import Institutions

_AT_A_ROOM = 0.08
"""How much less a village room, station or clinic can examine than a township centre (treatments it can do)."""


@dataclass(frozen=True)
class Ordering:
    """Who may order what: column of the chance, and whether the place has a laboratory and imaging."""

    tariff: np.ndarray
    examines: np.ndarray


def ordering(institutions: Institutions) -> Ordering:
    """What each institution can order."""
    small = np.isin(institutions.kind, ["village_room", "community_station", "clinic"])
    return Ordering(institutions.tariff, np.where(small, _AT_A_ROOM, 1.0))


def for_visits(visits: Visits, female: np.ndarray, at: Ordering, rng: np.random.Generator) -> Orders:
    """Orders of visits inside the county, none online or at home; female: sex by visit."""
    lines = complaints()
    able = (visits.kind != INTERNET) & (visits.kind != HOME)
    groups = [(lines.text("orders"), visits.complaint, able)]
    cares = [f"care_{care}" for care in CARES]
    care = lines.places("care", CARES)[visits.complaint]
    groups.append((cares, care, able & (visits.kind != CHECK_UP)))
    groups.append((["care_tcm"], np.zeros(len(visits), dtype=np.int32), able & visits.tcm))
    parts = [_draw(names, which, mask, visits.institution, female, at, rng) for names, which, mask in groups]
    return _joined(parts)


def for_stays(
    disease: np.ndarray, institution: np.ndarray, female: np.ndarray, at: Ordering, rng: np.random.Generator
) -> Orders:
    """What is ordered on admission."""
    names = sheet("diseases").text("orders")
    return _draw(names, disease, np.ones(len(disease), dtype=bool), institution, female, at, rng)


def _draw(
    names: list[str], which: np.ndarray, able: np.ndarray, institution: np.ndarray, female: np.ndarray, at: Ordering,
    rng: np.random.Generator,
) -> Orders:  # fmt: skip
    """For each group, every item by its chance at that kind of place; items of the other sex are not ordered."""
    listed, found = goods(), []
    index = {name: place for place, name in enumerate(dict.fromkeys(names))}
    group_of = np.array([index[name] for name in names])[which]
    for name, place in index.items():
        if name not in order_groups():
            continue
        group = order_groups()[name]
        here = np.flatnonzero(able & (group_of == place))
        small = np.where(listed.exam[group.goods] >= 0, at.examines[institution[here], None], 1.0)
        chance = group.chance[at.tariff[institution[here]]] * small
        chance = chance * _fits(listed.sex[group.goods], female[here])
        row, column = np.nonzero(rng.random(chance.shape) < chance)
        found.append(Orders(here[row], group.goods[column]))
    return _joined(found)


def _fits(sex: np.ndarray, female: np.ndarray) -> np.ndarray:
    return (sex[None, :] == -1) | (sex[None, :] == female[:, None])


def _joined(parts: list[Orders]) -> Orders:
    """All orders, each item at most once an encounter, by encounter."""
    encounter = np.concatenate([part.encounter for part in parts])
    good = np.concatenate([part.good for part in parts])
    unique = np.unique(encounter.astype(np.int64) << 12 | good)
    return Orders(unique >> 12, (unique & 0xFFF).astype(np.int32))
