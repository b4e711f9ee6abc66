"""Runs side by side, and what each rests on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.capabilities.measure.models import EarlyWarning, Level, Run, Value
from yigongti.capabilities.measure.selectors.figures import HEAVY, TONES, Figure


@dataclass(frozen=True)
class Compared:
    """A figure beside the same figure of another run."""

    figure: Figure
    before: float | None

    @property
    def label(self) -> str:
        return self.figure.label

    @property
    def unit(self) -> str:
        return self.figure.indicator.unit

    @property
    def value(self) -> float | None:
        return self.figure.value

    @property
    def target(self) -> str:
        return self.figure.target

    @property
    def verdict(self) -> str:
        return self.figure.verdict

    @property
    def change(self) -> float | None:
        return None if self.value is None or self.before is None else self.value - self.before


def runs() -> QuerySet[Run]:
    """Every run with how many of the county's indicators miss their target, and how many warnings it has."""
    missed = Value.objects.filter(run=OuterRef("pk"), level=Level.COUNTY, met=False)
    warned = EarlyWarning.objects.filter(run=OuterRef("pk"))
    return Run.objects.defer(*HEAVY).annotate(missed=_counted(missed), warned=_counted(warned)).order_by("-created_at")


def compared(now: Sequence[Figure], before: Iterable[Figure]) -> list[Compared]:
    """The figures of a run, each with its value in another."""
    known = {figure.indicator.id: figure.value for figure in before}
    return [Compared(figure, known.get(figure.indicator.id)) for figure in now]


def tones(shown: Iterable[Figure]) -> list[tuple[str, str, int]]:
    """Tone, its words and how many figures have it, worst first."""
    every = list(shown)
    counts, words = Counter(figure.tone for figure in every), {figure.tone: figure.verdict for figure in every}
    return [(tone, words[tone], counts[tone]) for tone in TONES if tone in words]


def inputs_of(run: Run) -> list[tuple[str, str, int, int]]:
    """Fact table, its label, how many files and how many rows a run rests on."""
    inputs: Mapping[str, Sequence[Any]] = run.inputs
    labels = {name: _(table.label) for name, table in MEASURED.items()}
    return [
        (name, labels.get(name, name), len(parts), sum(part.get("rows", 1) for part in parts))
        for name, parts in inputs.items()
    ]


def _counted(rows: QuerySet[Any]) -> Coalesce:
    per_run = rows.order_by().values("run").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(per_run, output_field=IntegerField()), 0)
