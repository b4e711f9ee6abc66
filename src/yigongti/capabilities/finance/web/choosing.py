"""Which consortium and which year a page is about: from the address, else the first and the latest."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from yigongti.analytics import lake
from yigongti.capabilities.finance.selectors.sharings import consortia, may_manage
from yigongti.capabilities.finance.services.members import Members, members_of
from yigongti.kernel import clock
from yigongti.kernel.periods import Period, month_end

MONTHS = 12


@dataclass(frozen=True)
class Seat:
    """A consortium somebody looks at; members is None where the county has no consortium they may see."""

    id: str
    name: str
    choices: list[tuple[str, str]]
    members: Members | None
    may_manage: bool


def seat(request: Any) -> Seat:
    """Raises Http404 for a consortium outside the user's scope."""
    choices = consortia(request.user)
    asked = request.GET.get("consortium") or request.POST.get("consortium") or (choices[0][0] if choices else "")
    if asked not in dict(choices):
        if asked:
            raise Http404("no consortium inside the user's scope")
        return Seat("", "", [], None, False)
    return Seat(asked, dict(choices)[asked], choices, members_of(asked), may_manage(request.user, asked))


def last_year() -> Period:
    """The twelve full months before today, or before the newest facts where those are older."""
    newest = lake.facts_as_of("finance")
    today = min(clock.today(), newest.date()) if newest else clock.today()
    last = month_end(date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1))
    first = date(last.year - 1, last.month, 1)
    return Period(_next_month(first), last)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
