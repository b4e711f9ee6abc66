"""What was planted, gathered by id while the tables are written, and told in truth.json."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.care.charges import Lines, charge_numbers
from yigongti.demo.care.infections import LATE_INSTITUTION, Reports
from yigongti.demo.care.prescriptions import OVERLONG_DAYS, Prescribed, prescription_ids
from yigongti.demo.care.visits import Visits
from yigongti.demo.keys import numbered
from yigongti.demo.plants import charges
from yigongti.demo.plants.visits import AFTER_DEATH, OUTBREAK
from yigongti.demo.world import World

CHARGES = {
    "duplicate_charges": charges.DUPLICATE, "over_limit_charges": charges.OVER_LIMIT,
    "wrong_sex_charges": charges.WRONG_SEX, "swapped_charges": charges.SWAPPED, "included_charges": charges.INCLUDED,
    "wrong_age_charges": charges.WRONG_AGE, "outpatient_charges": charges.NOT_IN_HOSPITAL,
    "charges_after_death": charges.AFTER_DEATH,
}  # fmt: skip
"""Name of the list of ids → the mark of the lines."""


class Found:
    """Numbers of planted visits, charges, prescription lines and reports, month by month."""

    def __init__(self, world: World) -> None:
        self._late = world.institutions.place_of(LATE_INSTITUTION)
        self._visits: dict[int, list[np.ndarray]] = {AFTER_DEATH: [], OUTBREAK: []}
        self._charges: dict[int, list[np.ndarray]] = {mark: [] for mark in CHARGES.values()}
        self._prescriptions: list[str] = []
        self._outbreak_reports: list[np.ndarray] = []
        self._late_reports: list[np.ndarray] = []

    def note_visits(self, visits: Visits, stamp: int) -> None:
        """Note a month's planted visits."""
        for plant, numbers in self._visits.items():
            numbers.append(stamp * 10_000_000 + np.flatnonzero(visits.planted == plant))

    def note_charges(self, charged: Lines, stamp: int) -> None:
        """Note a month's planted charges."""
        numbers = charge_numbers(stamp, len(charged))
        for plant, found in self._charges.items():
            found.append(numbers[charged.planted == plant])

    def note_prescriptions(self, prescribed: Prescribed, stamp: int) -> None:
        """Note a month's lines that give far too much at once, as prescription and line."""
        which = np.flatnonzero(prescribed.days == OVERLONG_DAYS)
        names = prescription_ids(stamp, prescribed.visit[which]).to_pylist()
        self._prescriptions += [f"{name}/{line}" for name, line in zip(names, prescribed.line[which], strict=True)]

    def note_reports(self, made: Reports, visits: Visits) -> None:
        """Note a month's reports of the outbreak, and those of the institution that reports late."""
        self._outbreak_reports.append(made.number[visits.planted[made.visit] == OUTBREAK])
        self._late_reports.append(made.number[visits.institution[made.visit] == self._late])

    def ids(self) -> Mapping[str, list[str]]:
        """Ids by what they are of."""
        listed: list[tuple[str, str, list[np.ndarray], int]] = [
            ("visits_after_death", "O", self._visits[AFTER_DEATH], 11),
            ("outbreak_visits", "O", self._visits[OUTBREAK], 11),
            *((name, "C", self._charges[mark], 12) for name, mark in CHARGES.items()),
            ("outbreak_reports", "B", self._outbreak_reports, 9),
            ("late_institution_reports", "B", self._late_reports, 9),
        ]
        found = {name: _ids(prefix, numbers, width) for name, prefix, numbers, width in listed}
        return {**found, "overlong_prescriptions": self._prescriptions}


def _ids(prefix: str, numbers: list[np.ndarray], width: int) -> list[str]:
    joined: Any = np.concatenate([np.empty(0, dtype=np.int64), *numbers])
    return numbered(prefix, joined, width).to_pylist()
