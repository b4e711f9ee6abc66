"""The picture of a seat: every figure, the warnings, and how the consortia compare; in a few indexed queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yigongti.capabilities.measure.models import Level, Run
from yigongti.capabilities.measure.selectors import figures, seats, watch
from yigongti.capabilities.measure.selectors.figures import Figure
from yigongti.capabilities.measure.selectors.seats import Seat
from yigongti.kernel.registry import REGISTRY

__all__ = ["Comparison", "Figure", "Level", "Picture", "Seat", "Warned", "picture"]


@dataclass(frozen=True)
class Warned:
    """One warning: its id, whose, of which indicator, what it says, by which clause, and whether somebody acts."""

    id: int
    name: str
    label: str
    text: str
    clause: str
    tone: str
    is_handled: bool


@dataclass(frozen=True)
class Comparison:
    """One headline side by side: its figures in the order of the columns, None where there is no number."""

    label: str
    figures: Sequence[Figure | None]


@dataclass(frozen=True)
class Picture:
    """choices: the seats that may be chosen; figures: all of the seat; headlines: the chosen ones;
    counts: tone → words and number; columns: what Comparison has."""

    seat: Seat
    choices: Sequence[Seat]
    period_start: date
    period_end: date
    facts_as_of: date | None
    figures: Sequence[Figure]
    headlines: Sequence[Figure]
    counts: Sequence[tuple[str, str, int]]
    warnings: Sequence[Warned]
    warning_count: int
    columns: Sequence[str]
    comparisons: Sequence[Comparison]


def picture(
    user: Any, *, seat: str, headlines: Mapping[Level, Sequence[str]], warnings: int, tiles: int = 0
) -> Picture | None:
    """The picture of a seat ("consortium:A"; "" is the widest of one's own), with so many headlines and warnings.

    headlines: indicators by level, the most important first; one without a value gives way to the next.
    None before the first results, and for who has no seat.  Raises Http404 for a seat outside the scope.
    """
    run, choices = figures.latest_run(), seats.home_seats(user)
    level, _colon, group = seat.partition(":")
    chosen = seats.seat(user, level=level, group=group) if seat else next(iter(choices), None)
    if run is None or chosen is None:
        return None
    shown = figures.at_seat(run, chosen)
    every = watch.around(run, chosen)
    columns, compared = _compared(run, chosen, user, headlines[chosen.level])
    return Picture(
        seat=chosen,
        choices=choices,
        period_start=run.period_start,
        period_end=run.period_end,
        facts_as_of=run.facts_as_of,
        figures=shown,
        headlines=_headlines(shown, wanted=headlines[chosen.level])[:tiles],
        counts=_counts(shown),
        warnings=[_warned(each) for each in watch.ordered(watch.watched(every))[:warnings]],
        warning_count=len(every),
        columns=columns,
        comparisons=compared,
    )


def _headlines(shown: Sequence[Figure], *, wanted: Sequence[str]) -> list[Figure]:
    """Those with a value first, each group in the order wanted."""
    known = {figure.id: figure for figure in shown}
    return sorted((known[key] for key in wanted if key in known), key=lambda figure: figure.value is None)


def _counts(shown: Sequence[Figure]) -> list[tuple[str, str, int]]:
    counts, words = Counter(each.tone for each in shown), {each.tone: each.verdict for each in shown}
    return [(tone, words[tone], counts[tone]) for tone in figures.TONES if tone in words]


def _warned(each: watch.Watched) -> Warned:
    stored = each.stored
    return Warned(stored.pk, each.name, each.label, each.text, stored.clause, each.tone, each.handled is not None)


def _compared(run: Run, seat: Seat, user: Any, headlines: Iterable[str]) -> tuple[list[str], list[Comparison]]:
    """The consortia side by side, where the whole county is looked at."""
    if seat.level is not Level.COUNTY:
        return [], []
    wanted = list(headlines)
    found = figures.beside(run, wanted, level=Level.CONSORTIUM, view=seats.view_of(user))
    at = {(figure.id, figure.group): figure for figure in found}
    groups = sorted({figure.group for figure in found})
    called = {figure.group: figure.name for figure in found}
    rows = [
        Comparison(figures.label_of(REGISTRY.indicators[key]), [at.get((key, group)) for group in groups])
        for key in wanted
        if any((key, group) in at for group in groups)
    ]
    return [called[group] for group in groups], rows
