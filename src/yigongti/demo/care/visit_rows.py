"""Visits as they are written: ids, departments, diagnoses, money."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.care.attendance import Attended
from yigongti.demo.care.billing import Bill
from yigongti.demo.care.diagnoses import as_lists
from yigongti.demo.care.visits import EMERGENCY, KINDS, Visits
from yigongti.demo.catalogue import CHRONIC, complaints
from yigongti.demo.tables import coded
from yigongti.demo.world import World

GERIATRICS, TCM, GENERAL, EMERGENCY_ROOM = "老年医学科", "中医科", "全科医疗科", "急诊科"
WITH_GERIATRICS = ("county_hospital", "tcm_hospital")
_GERIATRIC_AGE, _GERIATRIC_SHARE = 72, 0.16
_KEPT_AT_BASE = ("口腔科", "康复科", "妇科", "儿科", "公共卫生科")


def diagnoses(visits: Visits) -> pa.ListArray:
    """The complaint first, then hypertension or diabetes where noted; lists by visit."""
    lines = complaints()
    own = [lines.text("chronic").index(disease) for disease in CHRONIC]
    other = np.where(visits.other >= 0, np.array(own)[np.maximum(visits.other, 0)], -1)
    return as_lists(np.column_stack([visits.complaint, other]), lines.text("code"))


def columns(attended: Attended, billed: Bill, *, world: World, referral: pa.Array) -> Mapping[str, Any]:
    """The visit table of a month; `referral`: ids of the referred visits' referrals, in their order."""
    visits = attended.visits
    count, names = len(visits), departments()
    place = np.where(visits.referred, np.cumsum(visits.referred) - 1, -1)
    return {
        "visit_id": attended.encounters.ids[:count],
        "resident_id": world.resident(visits.resident),
        "institution_id": world.institution(visits.institution),
        "day": visits.day,
        "kind": coded(visits.kind, KINDS),
        "department": coded(_department(attended, world), names),
        "dx": diagnoses(visits),
        "tcm": visits.tcm,
        "total_fen": billed.total[:count],
        "fund_fen": billed.fund[:count],
        "self_fen": (billed.total - billed.fund)[:count],
        "booked": visits.booked,
        "referral_id": optional(referral, place),
    }


def optional(ids: pa.Array, place: np.ndarray) -> pa.Array:
    """Ids by place in `ids`, null where the place is negative."""
    return ids.take(pa.array(place, mask=place < 0))


def departments() -> list[str]:
    """Every department a visit can be in."""
    return list(dict.fromkeys([*complaints().text("department"), GERIATRICS, TCM, GENERAL, EMERGENCY_ROOM]))


def _department(attended: Attended, world: World) -> np.ndarray:
    """By complaint at hospitals; the base level has few departments; TCM, emergency and geriatrics come first."""
    visits, rng = attended.visits, world.streams.of("departments", attended.month)
    names, institutions, people = departments(), world.institutions, world.people
    own = np.array([names.index(name) for name in complaints().text("department")])[visits.complaint]
    base = institutions.primary[visits.institution]
    kept = np.isin(own, [names.index(name) for name in _KEPT_AT_BASE])
    found = np.where(base & ~kept, names.index(GENERAL), own)
    found = np.where(visits.tcm, names.index(TCM), found)
    old = people.age(visits.resident, visits.day) >= _GERIATRIC_AGE
    geriatric = np.isin(institutions.kind, WITH_GERIATRICS)[visits.institution] & old
    found = np.where(geriatric & (rng.random(len(visits)) < _GERIATRIC_SHARE), names.index(GERIATRICS), found)
    return np.where(visits.kind == EMERGENCY, names.index(EMERGENCY_ROOM), found)
