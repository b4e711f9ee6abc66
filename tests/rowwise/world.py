"""The county as lists of dicts, a period and a grouping; where each institution and each home belongs."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
PRIMARY = {"township_center", "community_center", "community_station", "village_room", "clinic"}
CENTRES = {"township_center", "community_center"}


class World:
    """tables: name → rows as dicts; start, end: the period; by: the groups; rules: id → version in force."""

    def __init__(self, tables, start, end, by, rules):
        self.tables, self.start, self.end, self.by, self.rules = tables, start, end, by, rules
        self.institutions = {row["institution_id"]: row for row in self["institution"]}
        self.places = {row["place_id"]: row for row in self["place"]}
        self.residents = {row["resident_id"]: row for row in self["resident"]}
        self._drawn, self._a_year_before = {}, None

    def __getitem__(self, table):
        return self.tables.get(table, [])

    def a_year_before(self):
        """The same county over the same days of the year before."""
        if self._a_year_before is None:
            start, end = earlier(self.start), earlier(self.end, last=True)
            self._a_year_before = World(self.tables, start, end, self.by, self.rules)
        return self._a_year_before

    def rows_of(self, relation, relations):
        """The rows of a relation, drawn once."""
        if relation not in self._drawn:
            self._drawn[relation] = list(relations[relation](self))
        return self._drawn[relation]

    @property
    def monthly(self):
        return "month" in self.by

    def within(self, day):
        return day is not None and self.start <= day <= self.end

    def during(self, table, column):
        """Rows of the period, each with its day in the county and, by month, its month."""
        for row in self[table]:
            day = day_of(row[column])
            if self.within(day):
                yield {**row, "on_day": day, **({"month": f"{day:%Y-%m}"} if self.monthly else {})}

    def spans(self):
        """(month or None, first day, last day) of every stretch that lasting facts are looked at."""
        if not self.monthly:
            return [(None, self.start, self.end)]
        found, first = [], self.start
        while first <= self.end:
            following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            last = min(following - timedelta(days=1), self.end)
            found.append((f"{first:%Y-%m}", first, last))
            first = last + timedelta(days=1)
        return found

    def standing(self, table, begins, ends):
        """Rows in force on the last day of each stretch: (row, that day)."""
        for month, first, last in self.spans():
            for row in self[table]:
                if (row[begins] is None or row[begins] <= last) and (row[ends] is None or row[ends] >= last):
                    yield {**row, "as_of": last, "span_days": (last - first).days + 1, **_month(month)}

    def institution(self, key):
        """What an institution is: kind, level, primary, centre, lead, in_county; all None for an unknown one."""
        row = self.institutions.get(key)
        if row is None:
            return dict.fromkeys(("institution_kind", "level", "primary", "centre", "lead", "in_county"))
        return {
            "institution_kind": row["kind"],
            "level": row["level"],
            "primary": row["kind"] in PRIMARY,
            "centre": row["kind"] in CENTRES,
            "lead": row["is_lead"],
            "in_county": row["in_county"],
        }

    def town_of(self, place_id):
        place = self.places.get(place_id)
        if place is None:
            return None
        if place["kind"] in ("town", "street"):
            return place_id
        above = self.places.get(place["parent_id"])
        return place["parent_id"] if above is not None and above["kind"] in ("town", "street") else None

    def groups_of_institution(self, key):
        row = self.institutions.get(key)
        if row is None:
            return dict.fromkeys(("institution", "level", "zone", "consortium", "town"))
        return {
            "institution": key,
            "level": row["level"],
            "zone": row["zone_id"],
            "consortium": row["consortium_id"],
            "town": self.town_of(row["place_id"]),
        }

    def groups_of_place(self, place_id):
        """The town, and the zone and consortium of its first centre."""
        town = self.town_of(place_id)
        centres = sorted(
            key for key, row in self.institutions.items()
            if row["kind"] in CENTRES and town is not None and self.town_of(row["place_id"]) == town
        )  # fmt: skip
        first = self.institutions[centres[0]] if centres else {"zone_id": None, "consortium_id": None}
        return {"town": town, "zone": first["zone_id"], "consortium": first["consortium_id"]}

    def groups_of_home(self, resident_id):
        resident = self.residents.get(resident_id)
        return self.groups_of_place(resident["place_id"] if resident else None)


def day_of(value):
    """The day in the county of a day, an instant or a month."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).date()
    return date.fromisoformat(f"{value}-01") if isinstance(value, str) else value


def age(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def earlier(day, *, last=False):
    """The same day a year before; the last day of a month stays the last."""
    year, length = day.year - 1, monthrange(day.year - 1, day.month)[1]
    whole = last and day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, length if whole else min(day.day, length))


def _month(month):
    return {} if month is None else {"month": month}
