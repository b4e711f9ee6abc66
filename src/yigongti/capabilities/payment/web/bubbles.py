"""Bubbles over two figures, drawn on the server as SVG: every bubble is a link, and needs no script to be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, log10, sqrt

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 520, 340, 52, 20, 18, 46
SMALLEST, LARGEST = 5.0, 22.0
TICKS = 4
NAMED = 6
NAME_LENGTH, NAME_HEIGHT = 9, 14
MARGIN = 0.12


@dataclass(frozen=True)
class Bubble:
    """One bubble: its place by two figures, its size (its share of the largest counts), what is told of it, its link;
    tone: good, warn, bad or plain."""

    label: str
    x: float
    y: float
    size: float
    text: str = ""
    link: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Drawn:
    """A bubble in its place on the drawing."""

    bubble: Bubble
    cx: float
    cy: float
    r: float
    name: str

    @property
    def anchor(self) -> str:
        return "end" if self.cx > WIDTH * 0.7 else "start"

    def meets(self, other: "Drawn") -> bool:
        """Whether the names of two bubbles would lie upon each other."""
        if not other.name or abs(self.cy - other.cy) >= NAME_HEIGHT:
            return False
        (low, high), (its_low, its_high) = self._reach, other._reach
        return low < its_high and its_low < high

    @property
    def _reach(self) -> tuple[float, float]:
        wide = len(self.name) * NAME_HEIGHT
        return (
            (self.name_x - wide, self.cx + self.r) if self.anchor == "end" else (self.cx - self.r, self.name_x + wide)
        )

    @property
    def name_x(self) -> float:
        return round(self.cx - self.r - 4 if self.anchor == "end" else self.cx + self.r + 4, 1)


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and what is written."""

    at: float
    text: str


@dataclass(frozen=True)
class Bubbles:
    """label: what it shows; x_label, y_label: the axes; level: where the cross stands (None: no cross); corners: what
    is written in the four quarters, from the upper left as one reads."""

    label: str
    x_label: str
    y_label: str
    bubbles: Sequence[Bubble]
    level: float | None = None
    corners: Sequence[str] = field(default=())

    width, height = WIDTH, HEIGHT
    left, bottom, right, top = LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, TOP

    @property
    def drawn(self) -> list[Drawn]:
        """The bubbles, the largest first so that small ones lie on top; the largest bear names where these fit."""
        most = max((each.size for each in self.bubbles), default=0) or 1
        placed: list[Drawn] = []
        for each in sorted(self.bubbles, key=lambda each: -each.size):
            drawn = self._drawn(each, most)
            fits = sum(bool(other.name) for other in placed) < NAMED and not any(drawn.meets(other) for other in placed)
            placed.append(drawn if fits else replace(drawn, name=""))
        return placed

    def _drawn(self, each: Bubble, most: float) -> Drawn:
        radius = SMALLEST + (LARGEST - SMALLEST) * sqrt(max(each.size, 0) / most)
        return Drawn(each, self._across(each.x), self._up(each.y), round(radius, 1), each.label[:NAME_LENGTH])

    @property
    def x_ticks(self) -> list[Tick]:
        return [Tick(self._across(value), f"{value:g}") for value in _round_values(self._x_span)]

    @property
    def y_ticks(self) -> list[Tick]:
        return [Tick(self._up(value), f"{value:g}") for value in _round_values(self._y_span)]

    @property
    def cross(self) -> tuple[float, float] | None:
        return None if self.level is None else (self._across(self.level), self._up(self.level))

    @property
    def _x_span(self) -> tuple[float, float]:
        return _span([each.x for each in self.bubbles], self.level)

    @property
    def _y_span(self) -> tuple[float, float]:
        return _span([each.y for each in self.bubbles], self.level)

    def _across(self, value: float) -> float:
        low, high = self._x_span
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low), 1)

    def _up(self, value: float) -> float:
        low, high = self._y_span
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low), 1)


def _span(values: Sequence[float], level: float | None) -> tuple[float, float]:
    known = [*values, *([] if level is None else [level])] or [0.0, 1.0]
    low, high = min(known), max(known)
    wide = (high - low) or abs(high) or 1.0
    return low - wide * MARGIN, high + wide * MARGIN


def _round_values(span: tuple[float, float]) -> list[float]:
    """Some round values inside a span, as an axis is marked."""
    low, high = span
    rough = (high - low) / TICKS
    power = 10 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    return [round(number * step, 6) for number in range(ceil(low / step), floor(high / step) + 1) if number * step >= 0]
