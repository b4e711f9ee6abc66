"""What was planted, gathered by id while the tables are written, and told in truth.json."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.care.charges import Lines, charge_numbers
from yigongti.demo.care.infections import LATE_INSTITUTION, Reports
from yigongti.demo.care.visits import Visits
from yigongti.demo.keys import numbered
from yigongti.demo.plants.charges import DUPLICATE, OVER_LIMIT, WRONG_SEX
from yigongti.demo.plants.visits import AFTER_DEATH, OUTBREAK
from yigongti.demo.world import World


class Found:
    """Numbers of planted visits, charges and reports, month by month."""

    def __init__(self, world: World) -> None:
        self._late = world.institutions.place_of(LATE_INSTITUTION)
        self._visits: dict[int, list[np.ndarray]] = {AFTER_DEATH: [], OUTBREAK: []}
        self._charges: dict[int, list[np.ndarray]] = {DUPLICATE: [], OVER_LIMIT: [], WRONG_SEX: []}
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

    def note_reports(self, made: Reports, visits: Visits) -> None:
        """Note a month's reports of the outbreak, and those of the institution that reports late."""
        self._outbreak_reports.append(made.number[visits.planted[made.visit] == OUTBREAK])
        self._late_reports.append(made.number[visits.institution[made.visit] == self._late])

    def ids(self) -> Mapping[str, list[str]]:
        """Ids by what they are of."""
        listed: list[tuple[str, str, list[np.ndarray], int]] = [
            ("visits_after_death", "O", self._visits[AFTER_DEATH], 11),
            ("outbreak_visits", "O", self._visits[OUTBREAK], 11),
            ("duplicate_charges", "C", self._charges[DUPLICATE], 12),
            ("over_limit_charges", "C", self._charges[OVER_LIMIT], 12),
            ("wrong_sex_charges", "C", self._charges[WRONG_SEX], 12),
            ("outbreak_reports", "B", self._outbreak_reports, 9),
            ("late_institution_reports", "B", self._late_reports, 9),
        ]
        return {name: _ids(prefix, numbers, width) for name, prefix, numbers, width in listed}


def _ids(prefix: str, numbers: list[np.ndarray], width: int) -> list[str]:
    joined: Any = np.concatenate([np.empty(0, dtype=np.int64), *numbers])
    return numbered(prefix, joined, width).to_pylist()
