"""What waits for somebody today, counted; each line leads to where it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.api import due_count
from yigongti.capabilities.ledger.api import overdue_count
from yigongti.capabilities.measure.api import Picture
from yigongti.exchange.files.quarantine.selectors import waiting
from yigongti.kernel import clock
from yigongti.pages.menu import admits
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.listing import count_up_to
from yigongti.spine.cases.worklists import WorkList
from yigongti.spine.notices.inbox import unread_count

MOST = 100
"""Who has more cases or services than this to do is told so, not how many: the page stays quick at any number."""


@dataclass(frozen=True)
class Line:
    """How many of what, where to go, and its icon."""

    count: int
    text: str
    address: str
    icon: str
    most: int = 0

    @property
    def shown(self) -> str:
        """The count, or "1,000+" where no further was counted."""
        return f"{self.most:,}+" if self.most and self.count > self.most else f"{self.count:,}"


@dataclass(frozen=True)
class Source:
    """page: the name of the page where it is done (who cannot open it is not told); count: how many for a user;
    most: how far it counts, 0 to the end; query: which of the page's lists."""

    page: str
    text: str
    icon: str
    count: Callable[[Any], int]
    most: int = 0
    query: str = ""


def _cases(which: WorkList) -> Callable[[Any], int]:
    return lambda user: count_up_to(MOST + 1, which, user, at=clock.now())


def _services(user: Any) -> int:
    return due_count(user, most=MOST + 1)


def _quarantined(_user: Any) -> int:
    return int(waiting().count())


def _unread(user: Any) -> int:
    return unread_count(user.pk)


BLANK_VILLAGES = "villages_without_service"


def lines(user: Any, seen: Picture | None) -> list[Line]:
    """The lines with anything to do; seen: the picture of the seat looked at, for what is measured there."""
    roles = scope_of(user).roles
    open_to = [source for source in _sources() if admits(source.page, roles)]
    found = [_line(source, user) for source in open_to]
    return [line for line in (*found, *_measured(seen)) if line.count]


def _line(source: Source, user: Any) -> Line:
    address = reverse(source.page) + source.query
    return Line(source.count(user), source.text, address, source.icon, source.most)


def _measured(seen: Picture | None) -> list[Line]:
    figures = seen.figures if seen else ()
    return [
        Line(int(figure.value), _("个村没有医疗服务"), reverse("villages"), icon="home-off")
        for figure in figures
        if figure.id == BLANK_VILLAGES and figure.value
    ]


def _sources() -> Sequence[Source]:
    return (
        Source("work", _("件事项等您办理"), icon="checklist", count=_cases(WorkList.TO_DO), most=MOST),
        Source("work", _("件事项已超时"), icon="clock-exclamation", count=_cases(WorkList.OVERDUE), most=MOST,
               query=f"?list={WorkList.OVERDUE}"),
        Source("contract_due", _("项签约服务可以做了"), icon="heart-handshake", count=_services, most=MOST),
        Source("ledger_overdue", _("项政策任务已超期"), icon="urgent", count=overdue_count),
        Source("quarantine", _("行数据在隔离区待改正"), icon="database-x", count=_quarantined),
        Source("inbox", _("条未读消息"), icon="inbox", count=_unread),
    )  # fmt: skip
