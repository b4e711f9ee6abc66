"""Sums kept while the months go by, from which the books and the budget are written at the end."""

import numpy as np

from yigongti.demo.care.charges import BUCKET, BUCKETS, Lines
from yigongti.demo.care.encounters import Encounters
from yigongti.demo.catalogue import goods
from yigongti.demo.world import World

INPATIENT, OUTPATIENT = 0, 1


class Ledger:
    """income: fen by [institution, month, bucket]; fund: fen by [year, consortium, insured, inpatient/outpatient];
    staff_cost: fen by [institution, month]; counts of planted charges by kind."""

    def __init__(self, world: World) -> None:
        self._world = world
        calendar, institutions = world.calendar, world.institutions
        self.income = np.zeros((len(institutions), calendar.count, len(BUCKETS)), dtype=np.int64)
        self.fund = np.zeros((len(calendar.years), 2, 3, 2), dtype=np.int64)
        self.staff_cost = np.zeros((len(institutions), calendar.count), dtype=np.int64)

    def add_charges(self, charged: Lines, encounters: Encounters) -> None:
        """Book a month's charges as income of the month in which each was made."""
        month = self._world.calendar.month_of(charged.day)
        inside = month >= 0
        at = encounters.institution[charged.encounter[inside]]
        place = (at * self.income.shape[1] + month[inside]) * len(BUCKETS)
        place += BUCKET[goods().category[charged.good[inside]]]
        sums = np.bincount(place, weights=charged.amount[inside], minlength=self.income.size)
        self.income += np.rint(sums).astype(np.int64).reshape(self.income.shape)

    def add_fund(self, resident: np.ndarray, day: np.ndarray, fund: np.ndarray, *, scheme: int) -> None:
        """Book what the fund paid for residents (by their consortium and insurance) on days."""
        years = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        year = years - self._world.calendar.years[0]
        people = self._world.people
        keep = (year >= 0) & (year < len(self.fund))
        cell = np.ravel_multi_index(
            (
                year[keep],
                people.consortium[resident[keep]],
                people.insured[resident[keep]],
                np.full(keep.sum(), scheme),
            ),
            self.fund.shape,
        )
        np.add.at(self.fund.ravel(), cell, fund[keep])

    def add_payroll(self, institution: np.ndarray, month: int, amount: np.ndarray) -> None:
        """Book what each of the staff was paid in a month."""
        np.add.at(self.staff_cost[:, month], institution, amount)
