"""What stays cost: daily fees, orders, operation, then drugs, materials and treatments up to what the illness takes."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.admissions import Admissions
from yigongti.demo.care.charges import Lines, PriceList, lines
from yigongti.demo.care.encounters import Orders
from yigongti.demo.care.stays import Stays
from yigongti.demo.catalogue import drug_groups, goods, sheet
from yigongti.demo.draw import repeat
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.world import World

_LEVEL = {
    "township_center": 0.46, "community_center": 0.5, "county_hospital": 1.0, "tcm_hospital": 0.9,
    "maternal_child": 0.94, "specialist_hospital": 0.95,
    "private_hospital": 0.93, "city_hospital": 1.75, "provincial_hospital": 2.4,
}  # fmt: skip
_GROWTH = {"county_hospital": 0.028, "tcm_hospital": 0.042, "private_hospital": 0.075, "township_center": 0.03}
_USUAL_GROWTH = 0.035
_DAILY = ("FW0201", "FW0202", "FW0203")
_SURGERY = ("SS0101", "SS0201", "SS0301", "SS0401")
_ANAESTHESIA = "SS0501"
_BASIC_MATERIALS = ("CL0101", "CL0102", "CL0103")
_SHARES = ("drug", "material", "treatment")
_LEAST_REST = 0.1


@dataclass(frozen=True)
class Costing:
    """Cost level and yearly growth by institution."""

    level: np.ndarray
    growth: np.ndarray


def costing(world: World) -> Costing:
    """The cost levels of the institutions; those of a kind differ a little."""
    rng, kinds = world.streams.of("costing"), world.institutions.kind
    growth = np.array([_GROWTH.get(kind, _USUAL_GROWTH) for kind in kinds]) + rng.normal(0, 0.008, len(kinds))
    level = np.array([_LEVEL.get(kind, 0.5) for kind in kinds]) * rng.uniform(0.93, 1.07, len(kinds))
    return Costing(level, growth)


def target(stays: Stays, which: np.ndarray, *, years: float, by: Costing, rng: np.random.Generator) -> np.ndarray:
    """Fen that each stay should about cost: illness, level, length, operation, complications, growth, luck."""
    each, listed = stays.each.take(which), sheet("diseases")
    length = (each.days / listed.numbers("los")[each.disease]) ** 0.6
    chance = listed.numbers("chance")[each.disease] * (listed.numbers("operation")[each.disease] > 0)
    operated = stays.operated[which] & (chance > 0)
    operation = np.where(operated, 1 / (0.55 + 0.45 * chance), np.where(chance > 0, 0.55 / (0.55 + 0.45 * chance), 1.0))
    burden = 1 + 0.06 * np.maximum((stays.diagnoses[which] >= 0).sum(axis=1) - 2, 0)
    burden[np.isin(which, stays.upcoded[:, 0])] = 1.0
    growth = (1 + by.growth[each.institution]) ** years
    luck = rng.lognormal(-0.03, 0.25, len(which))
    yuan = (
        listed.numbers("cost")[each.disease] * by.level[each.institution] * length * operation * burden * growth * luck
    )
    return yuan * 100


def lines_of(
    stays: Stays, which: np.ndarray, *, orders: Orders, target_fen: np.ndarray, prices: PriceList,
    institutions: Institutions, rng: np.random.Generator,
) -> list[Lines]:  # fmt: skip
    """Charge lines of in-county stays `which` (encounters are places in it); orders: only those to be charged."""
    each = stays.each.take(which)
    tariff = institutions.tariff[each.institution]
    inside = np.flatnonzero(institutions.in_county[each.institution])
    fixed = [_daily(each.admitted, each.days, inside, tariff, prices), _ordered(each.admitted, orders, tariff, prices)]
    fixed.append(_operation(each, stays.operated[which], inside, tariff, prices))
    spent = np.zeros(len(which))
    for part in fixed:
        np.add.at(spent, part.encounter, part.amount)
    rest = np.maximum(target_fen - spent, target_fen * _LEAST_REST)[inside]
    shares = sheet("profiles").numbers(*_SHARES)[_profile(each.disease)][inside] * rest[:, None]
    day, days = each.admitted[inside], each.days[inside]
    return [
        *fixed,
        _drugs(inside, each.disease[inside], shares[:, 0], day, days, prices, rng),
        _materials(inside, shares[:, 1], day, tariff[inside], prices),
        _treatments(inside, each.disease[inside], shares[:, 2], day, days, tariff[inside], prices, rng),
    ]


def _profile(disease: np.ndarray) -> np.ndarray:
    return sheet("diseases").places("profile", sheet("profiles").text("profile"))[disease]


def _daily(admitted: np.ndarray, days: np.ndarray, inside: np.ndarray, tariff: np.ndarray, prices: PriceList) -> Lines:
    """Bed, round and nursing once a day."""
    owner, day = repeat(days[inside])
    stay = np.repeat(inside[owner], len(_DAILY))
    good = np.tile([goods().place(code) for code in _DAILY], len(owner)).astype(np.int32)
    when = admitted[stay] + np.repeat(day, len(_DAILY))
    return lines(stay, good, np.ones(len(stay), dtype=np.int64), prices.of(good, tariff[stay]), when.astype(np.int32))


def _ordered(admitted: np.ndarray, orders: Orders, tariff: np.ndarray, prices: PriceList) -> Lines:
    stay = orders.encounter
    one = np.ones(len(stay), dtype=np.int64)
    return lines(stay, orders.good, one, prices.of(orders.good, tariff[stay]), admitted[stay])


def _operation(
    each: Admissions, operated: np.ndarray, inside: np.ndarray, tariff: np.ndarray, prices: PriceList
) -> Lines:
    level = sheet("diseases").numbers("operation")[each.disease].astype(int)
    done = inside[(operated & (level > 0))[inside]]
    surgery = np.array([goods().place(code) for code in _SURGERY])[np.maximum(level[done] - 1, 0)]
    under = done[level[done] >= 2]
    stay = np.concatenate([done, under])
    good = np.concatenate([surgery, np.full(len(under), goods().place(_ANAESTHESIA))]).astype(np.int32)
    day = np.minimum(each.admitted[stay] + 1, each.discharged[stay])
    return lines(stay, good, np.ones(len(stay), dtype=np.int64), prices.of(good, tariff[stay]), day)


def _drugs(
    stay: np.ndarray, disease: np.ndarray, money: np.ndarray, day: np.ndarray, days: np.ndarray, prices: PriceList,
    rng: np.random.Generator,
) -> Lines:  # fmt: skip
    """Three to six ward drugs and one of the illness's own group, in amounts that use up the money."""
    groups = drug_groups()
    ward = groups.names.index("ward")
    own = np.array([groups.names.index(n) if n in groups.names else ward for n in sheet("diseases").text("drugs")])
    owner, line = repeat(rng.integers(3, 7, len(stay)))
    start, stride = rng.integers(0, 16, len(stay)), rng.choice([3, 5, 7], len(stay))
    drug = groups.first[ward] + (start[owner] + line * stride[owner]) % groups.size[ward]
    group = own[disease][owner]
    special = groups.first[group] + start[owner] % groups.size[group]
    drug = np.where((line == 0) & (group != ward), special, drug)
    good = (drug + goods().first_drug).astype(np.int32)
    weight = rng.exponential(1, len(owner)) + 0.15
    price = prices.of(good, np.zeros(len(good), dtype=np.int64))
    weight *= np.where(price > money[owner] / 2, 0.02, 1)
    part = money[owner] * weight / np.bincount(owner, weights=weight, minlength=len(stay))[owner]
    quantity = np.rint(part / price).astype(np.int64)
    when = day[owner] + np.floor(rng.random(len(owner)) * days[owner]).astype(np.int32)
    kept = quantity > 0
    return lines(stay[owner][kept], good[kept], quantity[kept], price[kept], when[kept].astype(np.int32))


def _materials(stay: np.ndarray, money: np.ndarray, day: np.ndarray, tariff: np.ndarray, prices: PriceList) -> Lines:
    """The dearest single material that the money allows, the rest on everyday ones."""
    listed = goods().group("material")
    dear = listed[np.argsort(goods().price[listed, 0], kind="stable")]
    ladder = prices.of(dear, np.ones(len(dear), dtype=np.int64))
    which = np.searchsorted(ladder, money * 0.8, side="right") - 1
    has = which >= len(_BASIC_MATERIALS)
    big = dear[np.maximum(which, 0)]
    left = np.where(has, money - prices.of(big, tariff), money)
    basics = np.array([goods().place(code) for code in _BASIC_MATERIALS], dtype=np.int32)
    good = np.concatenate([big[has], *(np.full(len(stay), b) for b in basics)]).astype(np.int32)
    where = np.concatenate([np.flatnonzero(has), np.tile(np.arange(len(stay)), len(basics))])
    price = prices.of(good, tariff[where])
    shares = np.concatenate([np.ones(int(has.sum())), *(np.full(len(stay), s) for s in (0.2, 0.5, 0.3))])
    first = np.arange(len(good)) < has.sum()
    quantity = np.where(first, 1, np.rint(np.maximum(left[where], 0) * shares / price)).astype(np.int64)
    kept = quantity > 0
    return lines(stay[where][kept], good[kept], quantity[kept], price[kept], (day[where][kept]).astype(np.int32))


def _treatments(
    stay: np.ndarray, disease: np.ndarray, money: np.ndarray, day: np.ndarray, days: np.ndarray, tariff: np.ndarray,
    prices: PriceList, rng: np.random.Generator,
) -> Lines:  # fmt: skip
    """One or two treatments on most days, each at most so often a day as its price needs to use up the money."""
    lists = [[goods().place(code) for code in cell.split("|")] for cell in sheet("profiles").text("treatments")]
    width = max(len(found) for found in lists)
    table = np.array([np.resize(found, width) for found in lists])
    profile = _profile(disease)
    per_day = money / days
    kinds = np.where(per_day > 6000, 2, 1)
    owner, line = repeat(days * kinds)
    offset, kind = line // kinds[owner], line % kinds[owner]
    start = rng.integers(0, width, len(stay))
    sizes = np.array([len(found) for found in lists])
    good = table[profile[owner], (start[owner] % sizes[profile[owner]] + kind) % sizes[profile[owner]]].astype(np.int32)
    price = prices.of(good, tariff[owner])
    wanted = per_day[owner] / kinds[owner] / price
    quantity = np.minimum(np.floor(wanted + rng.random(len(owner))), 24).astype(np.int64)
    kept = quantity > 0
    when = (day[owner] + offset).astype(np.int32)
    return lines(stay[owner][kept], good[kept], quantity[kept], price[kept], when[kept])


def outside_parts(disease: np.ndarray, total: np.ndarray) -> np.ndarray:
    """[stay, bucket] fen of a stay outside the county, about 2 % of it in no part (the settlement leaves some open)."""
    shares = sheet("profiles").numbers(*_SHARES)[_profile(disease)]
    table = np.column_stack([0.2 + 0.4 * shares[:, 2], 0.58 * shares[:, 0], 0.58 * shares[:, 1],
                             np.full(len(disease), 0.10), np.full(len(disease), 0.10)])  # fmt: skip
    table = table / table.sum(axis=1, keepdims=True) * 0.98
    return np.floor(table * total[:, None]).astype(np.int64)
