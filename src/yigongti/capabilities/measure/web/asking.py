"""What the address of a page asks for: which seat, which run, which indicator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from yigongti.capabilities.measure.models import Level, Run
from yigongti.capabilities.measure.selectors import figures, seats
from yigongti.capabilities.measure.selectors.seats import Seat
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.registry import REGISTRY


@dataclass(frozen=True)
class Asked:
    """The everyday results (None before the first), the seat shown and the seats to choose from."""

    run: Run | None
    seat: Seat | None
    choices: Sequence[Seat]

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """value, name and whether it is the one shown: for the seat's select field."""
        every = list(self.choices)
        if self.seat is not None and self.seat not in every:
            every.append(self.seat)
        return [(f"{each.level}:{each.group}", each.name, each == self.seat) for each in every]


def asked(request: HttpRequest) -> Asked:
    """By `?seat=consortium:A`; without it the widest of one's own.  Raises Http404 for a seat outside the scope."""
    user: Any = request.user
    choices = seats.home_seats(user)
    level, _colon, group = request.GET.get("seat", "").partition(":")
    chosen = seats.seat(user, level=level, group=group) if level else next(iter(choices), None)
    return Asked(figures.latest_run(), chosen, choices)


def indicator_of(key: str) -> Indicator:
    """The indicator that an address names.  Raises Http404 where there is none."""
    if key not in REGISTRY.indicators:
        raise Http404(f"no indicator {key}")
    return REGISTRY.indicators[key]


def ranking_level(request: HttpRequest, allowed: Sequence[Level]) -> Level | None:
    """By `?rank=town`; the first that the indicator allows otherwise."""
    wanted = request.GET.get("rank", "")
    return next((level for level in allowed if level == wanted), next(iter(allowed), None))


def run_or_404(key: str) -> Run:
    """A run by id.  Raises Http404."""
    found = Run.objects.filter(pk=key).first()
    if found is None:
        raise Http404(f"no run {key}")
    return found
