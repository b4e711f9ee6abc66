"""A page of somebody's timeline: newest first, of one kind or year or of all, whole days at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import ExtractYear

from yigongti.capabilities.record.selectors.wording import LOOKS, Moment, Naming, as_coded, in_words
from yigongti.kernel.facts import COUNTY
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import LONGEST, TimelineItem, timeline

PAGE_SIZE = 40


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: a fact table ("" is all), a year (0 is all), days before a day (None: the newest)."""

    table: str = ""
    year: int = 0
    before: date | None = None


@dataclass(frozen=True)
class Story:
    """One page.  before: the day before which the next page begins; None where nothing is left."""

    moments: Sequence[Moment]
    before: date | None


@dataclass(frozen=True)
class Contents:
    """How many facts there are: (table, label, count) by table and (year, count) by year, latest first."""

    tables: Sequence[tuple[str, str, int]]
    years: Sequence[tuple[int, int]]
    total: int


def story(resident_id: str, wanted: Wanted, *, naming: Naming = as_coded) -> Story:
    """One page of the timeline, by one indexed query (two for a day with very many facts).  naming: how codes are
    told."""
    items, is_cut = _whole_days(resident_id, wanted)
    return Story(in_words(items, naming), items[-1].day if is_cut else None)


def contents(resident_id: str) -> Contents:
    """What the record holds, by one query over the person's own entries."""
    rows = Entry.objects.filter(resident_id=resident_id).annotate(year=ExtractYear("day"))
    counted = list(rows.order_by().values_list("table", "year").annotate(Count("key")))
    tables, years = Counter[str](), Counter[int]()
    for table, year, count in counted:
        tables[table] += count
        years[year] += count
    ordered = [table for table in LOOKS if table in tables] + sorted(set(tables) - set(LOOKS))
    labelled = [(table, COUNTY[table].label, tables[table]) for table in ordered]
    return Contents(labelled, sorted(years.items(), reverse=True), sum(tables.values()))


def _whole_days(resident_id: str, wanted: Wanted) -> tuple[list[TimelineItem], bool]:
    """The page's items and whether more follow; a day is never torn apart."""
    for limit in (PAGE_SIZE, LONGEST):
        items = _asked(resident_id, wanted, limit=limit)
        if sum(max(len(item.lines), 1) for item in items) < limit:
            return items, False
        last = items[-1].day
        if whole := [item for item in items if item.day != last]:
            return whole, True
    return items, True


def _asked(resident_id: str, wanted: Wanted, *, limit: int) -> list[TimelineItem]:
    before, since = wanted.before, None
    if wanted.year:
        since, end = date(wanted.year, 1, 1), date(wanted.year + 1, 1, 1)
        before = min(before, end) if before else end
    tables = [wanted.table] if wanted.table else []
    return timeline(resident_id, tables=tables, before=before, since=since, limit=limit)
