"""What everybody employed is paid each month (village doctors are paid by fees and subsidies, not by payroll)."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.land.institutions import Institutions
from yigongti.demo.tables import coded
from yigongti.demo.workforce.staff import PROFESSIONS, Staff, staff_ids
from yigongti.demo.world import World

_BASE_YUAN = 6500
_BY_TITLE = np.array([0.78, 0.92, 1.16, 1.42, 1.7])
_BY_PROFESSION = {
    "physician": 1.12, "assistant_physician": 0.94, "nurse": 0.92, "pharmacist": 0.92, "clinical_pharmacist": 1.0,
    "technician": 0.93, "public_health": 0.97, "psychologist": 0.95, "manager": 1.02, "other": 0.7, "village_doctor": 0,
}  # fmt: skip
_BY_KIND = {
    "county_hospital": 1.0, "tcm_hospital": 0.92, "maternal_child": 0.92, "specialist_hospital": 0.95, "cdc": 0.9,
    "private_hospital": 0.95, "township_center": 0.82, "community_center": 0.88, "community_station": 0.8,
}  # fmt: skip
_PRIMARY_CATCHES_UP = 0.012
_GROWTH = 0.035
_PUBLIC_HEALTH_AT_BASE = 1.0


def by_month(world: World) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """(month, staff indices paid, fen) for each month of the period."""
    rng, staff, calendar = world.streams.of("payroll"), world.staff, world.calendar
    base = _monthly_fen(staff, world.institutions, rng)
    primary = world.institutions.primary[staff.institution]
    for month in range(calendar.count):
        paid = np.flatnonzero(
            (base > 0) & (staff.hired <= calendar.starts[month]) & (staff.left >= calendar.ends[month])
        )
        years = calendar.years_elapsed(month)
        growth = 1 + (_GROWTH + _PRIMARY_CATCHES_UP * primary[paid]) * years
        bonus = 1.6 if calendar.labels[month].endswith("-12") else 1.0
        amount = base[paid] * growth * bonus * rng.uniform(0.96, 1.04, len(paid))
        yield month, paid, np.rint(amount / 100).astype(np.int64) * 100


def _monthly_fen(staff: Staff, institutions: Institutions, rng: np.random.Generator) -> np.ndarray:
    kind = institutions.kind[staff.institution]
    by_kind = np.array([_BY_KIND.get(name, 0.0) for name in kind])
    by_profession = np.array([_BY_PROFESSION[name] for name in PROFESSIONS])[staff.profession]
    at_base = institutions.primary[staff.institution] & staff.is_("public_health")
    person = rng.lognormal(0, 0.12, len(staff)) * np.where(at_base, _PUBLIC_HEALTH_AT_BASE, 1)
    return _BASE_YUAN * 100 * _BY_TITLE[staff.title] * by_profession * by_kind * person


def columns(paid: np.ndarray, amount: np.ndarray, *, month: str, world: World) -> Mapping[str, Any]:
    """The payroll table of one month."""
    return {
        "staff_id": staff_ids(paid),
        "month": coded(np.zeros(len(paid), dtype=np.int32), [month]),
        "institution_id": world.institution(world.staff.institution[paid]),
        "amount_fen": pa.array(amount),
    }
