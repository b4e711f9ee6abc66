"""What visits cost: fee, orders, drugs; what the fund pays of it; totals of visits outside the county."""

import numpy as np

from yigongti.demo.care.charges import Lines, PriceList, lines
from yigongti.demo.care.encounters import Orders
from yigongti.demo.care.prescriptions import Prescribed
from yigongti.demo.care.visits import CHECK_UP, Visits
from yigongti.demo.catalogue import goods
from yigongti.demo.draw import whole
from yigongti.demo.land.institutions import Institutions

_FEES = ("FW0102", "FW0103", "FW0104", "FW0105", "FW0106", "FW0102")
_BASE_FEE = "FW0101"
_FUND = {
    "village_room": 0.6, "community_station": 0.56, "township_center": 0.54, "community_center": 0.5, "clinic": 0.25,
    "county_hospital": 0.36, "tcm_hospital": 0.38, "maternal_child": 0.3, "specialist_hospital": 0.5,
    "private_hospital": 0.32, "city_hospital": 0.24, "provincial_hospital": 0.17,
}  # fmt: skip
_EMPLOYEE_EXTRA = 0.16
_OUTSIDE_YUAN = {"city_hospital": 390.0, "provincial_hospital": 620.0}


def lines_of(
    visits: Visits, *, orders: Orders, prescribed: Prescribed, prices: PriceList, intensity: np.ndarray,
    institutions: Institutions, rng: np.random.Generator,
) -> list[Lines]:  # fmt: skip
    """Charge lines of in-county visits.  orders: only those to be charged; intensity: by institution how much more
    treatment is given than at the beginning."""
    tariff = institutions.tariff[visits.institution]
    fee = _fee(visits, institutions)
    paying = np.flatnonzero(institutions.in_county[visits.institution] & (visits.kind != CHECK_UP))
    one = np.ones(len(paying), dtype=np.int64)
    drug = prescribed.drug + goods().first_drug
    free = visits.kind[orders.encounter] != CHECK_UP
    kept = orders.take(free)
    done, bought = kept.encounter, prescribed.visit
    counts = np.where(goods().exam[kept.good] >= 0, 1, whole(rng, intensity[visits.institution[kept.encounter]]))
    return [
        lines(paying, fee[paying], one, prices.of(fee[paying], tariff[paying]), visits.day[paying]),
        lines(done, kept.good, counts, prices.of(kept.good, tariff[done]), visits.day[done]),
        lines(bought, drug, prescribed.quantity, prices.of(drug, tariff[bought]), visits.day[bought]),
    ]  # fmt: skip


def _fee(visits: Visits, institutions: Institutions) -> np.ndarray:
    """The consultation fee by way of visiting; the base level charges its own for ordinary visits."""
    by_kind = np.array([goods().place(code) for code in _FEES])[visits.kind]
    ordinary = institutions.primary[visits.institution] & (visits.kind == 0)
    return np.where(ordinary, goods().place(_BASE_FEE), by_kind).astype(np.int32)


def outside_totals(visits: Visits, *, years: float, institutions: Institutions, rng: np.random.Generator) -> np.ndarray:
    """Fen of each visit outside the county (0 inside): the insurance settlement gives no charge lines."""
    mean = np.array([_OUTSIDE_YUAN.get(kind, 0.0) for kind in institutions.kind])[visits.institution]
    yuan = mean * (1 + 0.03 * years) * rng.lognormal(-0.28, 0.75, len(visits))
    return np.rint(yuan * 100).astype(np.int64)


def fund_of(
    visits: Visits, total: np.ndarray, *, insured: np.ndarray, institutions: Institutions, rng: np.random.Generator
) -> np.ndarray:
    """What the fund pays of each visit in fen; insured: by visit (0 employee, 1 resident, 2 none)."""
    rate = np.array([_FUND.get(kind, 0.0) for kind in institutions.kind])[visits.institution]
    rate = np.where(insured == 0, rate + _EMPLOYEE_EXTRA, rate) * rng.uniform(0.82, 1.12, len(total))
    return np.where(insured == 2, 0, np.floor(total * np.minimum(rate, 0.92))).astype(np.int64)
