"""Work lists page by page: every page is read through an index, however many cases there are.

    found = page_of(WorkList.TO_DO, user, wanted=Wanted(workflow_id="referral"), at=now)
    found.cases, found.after        # `after` is given back for the next page, "" at the end

A list is one or two stretches (what has a deadline, then what has none), a stretch one or more branches (`sight`);
each branch is read in order from where the last page ended, and what was read is merged.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.cases.searching import named
from yigongti.spine.cases.sight import seat_of, seen_by, waiting_on
from yigongti.spine.cases.worklists import WorkList
from yigongti.spine.statements import MOMENT, Row, kept

PAGE_SIZE = 30
_GAP = "~"
Key = tuple[datetime | None, str]


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; "" is everything.  text: a person, a case's number, or words of its title."""

    workflow_id: str = ""
    state: str = ""
    text: str = ""


class Line(NamedTuple):
    """A case as a list shows it; of its parties, None for nobody, and for who is not in the index."""

    case_id: str
    workflow: str
    state: str
    version: int
    title: str
    institution_id: str | None
    counterpart_id: str | None
    resident_id: str | None
    opened_at: datetime
    entered_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    institution_name: str | None
    counterpart_name: str | None
    resident_name: str | None
    resident_sex: str | None
    resident_born: date | None
    resident_died: date | None

    @property
    def pk(self) -> str:
        return self.case_id


_PARTIES = (
    "institution__name", "counterpart__name", "resident__identity__name", "resident__sex", "resident__birth_date",
    "resident__died_on",
)  # fmt: skip
_COLUMNS = (*Line._fields[: -len(_PARTIES)], *_PARTIES)


@dataclass(frozen=True)
class Page:
    """Some cases in the list's order; after: where the next page begins, "" where this is the last."""

    cases: Sequence[Line]
    after: str = ""

    @property
    def known(self) -> int:
        """How many cases there are from its start on, as far as was read: one more than its own where more follow."""
        return len(self.cases) + bool(self.after)


@dataclass(frozen=True)
class _Stretch:
    """A part of a list in one order: by an instant (None: none), then by id; falling or rising."""

    field: str | None
    where: Q
    falling: bool = False

    def beyond(self, after: Key) -> Q:
        """What comes after a key of this stretch."""
        moment, case_id = after
        onward = "lt" if self.falling else "gt"
        further = Q(**{f"pk__{onward}": case_id})
        if self.field is None:
            return further
        return Q(**{f"{self.field}__{onward}e": moment}) & (Q(**{f"{self.field}__{onward}": moment}) | further)

    def queries(self, branches: Iterable[Q], *, after: Key | None = None, most: int) -> list[QuerySet]:
        """The first rows of every branch, after a key where one is given."""
        where = self.where & self.beyond(after) if after else self.where
        columns = [name for name in (self.field, "case_id") if name]
        order = [f"-{name}" if self.falling else name for name in columns]
        rows = Case.objects.order_by(*order).values_list(*columns)
        return [rows.filter(where & branch)[:most] for branch in branches]

    def merged(self, rows: Iterable[Row], *, most: int) -> list[Key]:
        """What the branches yielded, each case once, in the stretch's order."""
        found = {(row[0] if self.field else None, row[-1]) for row in rows}
        return sorted(found, key=_sortable, reverse=self.falling)[:most]


def page_of(
    which: WorkList, user: Any, *, wanted: Wanted, at: datetime, after: str = "", size: int = PAGE_SIZE
) -> Page:
    """One page of a list, most urgent first (ALL: latest first).  An `after` that is not understood is the start."""
    keys = _keys(which, user, wanted, at=at, after=_read(after), most=size + 1)
    shown = keys[:size]
    lines = _lines([case_id for _moment, case_id in shown])
    return Page(lines, _written(shown[-1]) if len(keys) > size else "")


def _lines(ids: list[str]) -> list[Line]:
    """The cases of these ids, in their order; as many are asked for each time, so that it is one statement."""
    stands = [f"({number})" for number in range(-(-len(ids) // PAGE_SIZE) * PAGE_SIZE)]
    statement = kept(("lines", len(stands)), lambda: Case.objects.filter(pk__in=stands).values_list(*_COLUMNS))
    rows = statement.rows(dict(zip_longest(stands, ids, fillvalue="")))
    found = {row[0]: Line(*row) for row in rows}
    return [found[case_id] for case_id in ids if case_id in found]


def count_up_to(most: int, which: WorkList, user: Any, *, at: datetime) -> int:
    """How many cases a list has, counted no further than `most`."""
    return len(_keys(which, user, Wanted(), at=at, after=None, most=most))


def every(which: WorkList, user: Any, *, wanted: Wanted, at: datetime, most: int) -> Iterator[Line]:
    """The list from its start, up to `most` cases, read in blocks."""
    after, left = "", most
    while left > 0:
        page = page_of(which, user, wanted=wanted, at=at, after=after, size=min(left, 1000))
        yield from page.cases
        after, left = page.after, left - len(page.cases)
        if not after:
            return


def _keys(which: WorkList, user: Any, wanted: Wanted, *, at: datetime, after: Key | None, most: int) -> list[Key]:
    if connection.features.supports_slicing_ordering_in_compound and after is None and not wanted.text.strip():
        return _kept_keys(which, user, wanted, at=at, most=most)
    branches = _branches(which, user, wanted)
    found: list[Key] = []
    for stretch in _stretches(which, at, after):
        begin = after if after and (after[0] is None) == (stretch.field is None) else None
        queries = stretch.queries(branches, after=begin, most=most - len(found))
        rows = itertools.chain.from_iterable(queries)
        found += stretch.merged(rows, most=most - len(found))
        if len(found) >= most:
            break
    return found


def _kept_keys(which: WorkList, user: Any, wanted: Wanted, *, at: datetime, most: int) -> list[Key]:
    """The beginning of a list, as everybody with the same seat asks for it, in one statement a stretch."""
    asked = (which, wanted.workflow_id, wanted.state, seat_of(user), which is WorkList.MINE and user.pk)
    found: list[Key] = []
    for stretch in _stretches(which, MOMENT, None):
        left = most - len(found)
        query = partial(_together, stretch, which, user, wanted, most=left)
        found += stretch.merged(kept((*asked, stretch.field, left), query).rows({MOMENT: at}), most=left)
        if len(found) >= most:
            break
    return found


def _together(stretch: _Stretch, which: WorkList, user: Any, wanted: Wanted, *, most: int) -> QuerySet:
    """All branches of a stretch, each with its own order and limit."""
    first, *others = stretch.queries(_branches(which, user, wanted), most=most) or [Case.objects.none()]
    return first.union(*others, all=True) if others else first


def _sortable(key: Key) -> tuple[float, str]:
    return key[0].timestamp() if key[0] else 0.0, key[1]


def _branches(which: WorkList, user: Any, wanted: Wanted) -> list[Q]:
    narrowed = Q(state=wanted.state) if wanted.state else Q()
    if which is WorkList.TO_DO:
        branches = waiting_on(user, workflow_id=wanted.workflow_id)
    else:
        branches = seen_by(user, workflow_id=wanted.workflow_id)
    if which is WorkList.MINE:
        narrowed &= Q(opener_id=user.pk)
    if wanted.text.strip():
        narrowed &= named(wanted.text)
    return [branch & narrowed for branch in branches]


def _stretches(which: WorkList, at: datetime, after: Key | None) -> list[_Stretch]:
    if which is WorkList.ALL:
        return [_Stretch("opened_at", Q(), falling=True)]
    if which is WorkList.OVERDUE:
        return [_Stretch("due_at", OPEN & Q(due_at__lt=at))]
    if which is WorkList.DUE:
        return [_Stretch("due_at", OPEN & Q(due_at__gte=at))]
    undated = _Stretch(None, OPEN & Q(due_at__isnull=True))
    return [undated] if after and after[0] is None else [_Stretch("due_at", OPEN & Q(due_at__isnull=False)), undated]


def _written(key: Key) -> str:
    moment, case_id = key
    return f"{moment.isoformat() if moment else ''}{_GAP}{case_id}"


def _read(after: str) -> Key | None:
    moment, gap, case_id = after.partition(_GAP)
    if not gap:
        return None
    try:
        found = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return None
    return None if found is not None and found.tzinfo is None else (found, case_id)
