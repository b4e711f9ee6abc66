"""Everything that stays the same while months go by: calendar, places, institutions, people, staff."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from yigongti.demo.calendar import Calendar, whole_months
from yigongti.demo.draw import Streams
from yigongti.demo.keys import numbered
from yigongti.demo.land.homes import Homes, assign
from yigongti.demo.land.institutions import Institutions, establish
from yigongti.demo.land.places import Places, lay_out
from yigongti.demo.people.residents import People, populate
from yigongti.demo.tables import coded
from yigongti.demo.workforce.staff import Staff, employ
from yigongti.kernel.errors import Refusal

_THIRD_STREET_FROM = 100_000


@dataclass(frozen=True)
class World:
    """The county before anything happens in it."""

    calendar: Calendar
    streams: Streams
    places: Places
    institutions: Institutions
    homes: Homes
    people: People
    staff: Staff
    resident_ids: pa.Array

    def resident(self, which: np.ndarray) -> pa.Array:
        """Ids of residents by index."""
        return self.resident_ids.take(pa.array(which))

    def institution(self, which: np.ndarray) -> pa.Array:
        """Ids of institutions by index, null where the index is negative."""
        return coded(which, self.institutions.ids)

    def index_of(self, institution_id: str) -> int:
        """The index of an institution by its id."""
        return self.institutions.place_of(institution_id)


def build(*, residents: int, months: int, seed: int, until: date) -> World:
    """The county of so many residents over the last whole months before `until`.  Raises Refusal for under 500."""
    if residents < 500:
        raise Refusal(f"演示县的居民数应至少为 500,给出的是 {residents}", why="人数过少时各类机构和人群无法齐全")
    if seed < 0:
        raise Refusal(f"随机种子应为非负整数,给出的是 {seed}")
    calendar, streams = whole_months(months, until=until), Streams(seed)
    places = lay_out(3 if residents >= _THIRD_STREET_FROM else 2)
    institutions = establish(places, residents)
    homes = assign(places, institutions)
    people = populate(residents, calendar=calendar, places=places, homes=homes, streams=streams)
    staff = employ(
        institutions,
        residents=residents,
        severe_patients=int(people.sick_with("severe_mental_disorder").sum()),
        places=places,
        homes=homes,
        calendar=calendar,
        streams=streams,
    )
    ids = numbered("R", np.arange(residents), 8)
    return World(calendar, streams, places, institutions, homes, people, staff, ids)
