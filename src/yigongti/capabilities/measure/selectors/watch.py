"""Early warnings as people read and handle them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.decisions import KindOfWarning
from yigongti.capabilities.measure.models import Acknowledgement, EarlyWarning, Level, Run, Severity
from yigongti.capabilities.measure.selectors.figures import in_english, label_of
from yigongti.capabilities.measure.selectors.seats import Seat, View, names
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.numbers import shown
from yigongti.spine.places.models import Institution

KEY = ("indicator", "level", "group", "kind", "period_end")


@dataclass(frozen=True)
class Watched:
    """A warning with the names of what it is about, and what has been done about it (None: nothing yet)."""

    stored: EarlyWarning
    name: str
    indicator: Indicator
    handled: Acknowledgement | None

    @property
    def label(self) -> str:
        return label_of(self.indicator)

    @property
    def kind(self) -> str:
        """What the number was compared with, in the reader's language."""
        return _(KindOfWarning(self.stored.kind).label)

    @property
    def text(self) -> str:
        """What is wrong: as judged, in Chinese; to an English reader the same figures in a shorter sentence."""
        if not in_english():
            return str(self.stored.text)
        value, other = (
            shown(each, unit=self.indicator.unit) for each in (self.stored.value, self.stored.compared_with)
        )
        return f"{self.kind}: {value} against {other}"

    @property
    def tone(self) -> str:
        return "bad" if self.stored.severity == Severity.RED else "warn"

    @property
    def severity(self) -> str:
        return _(Severity(self.stored.severity).label)


def visible_warnings(run: Run, view: View) -> QuerySet[EarlyWarning]:
    """The warnings of a run about seats that may be seen."""
    warnings = run.warnings.filter(indicator__in=list(REGISTRY.indicators))
    if view.institution_ids is None:
        return warnings
    seen = Q(pk__in=[])
    for level, groups in view.groups.items():
        seen |= Q(level=level) if groups is None else Q(level=level, group__in=sorted(groups))
    return warnings.filter(seen)


def around(run: Run, seat: Seat) -> list[EarlyWarning]:
    """What a seat should look at besides its missed targets: its own trends, those of the consortia below the
    county, and the institutions below it that miss a target and get worse or stand apart."""
    about = Q(level=seat.level, group=seat.group)
    if seat.level is Level.COUNTY:
        about |= Q(level=Level.CONSORTIUM)
    if seat.level in (Level.COUNTY, Level.CONSORTIUM):
        about |= _grave_below(seat)
    warnings = run.warnings.filter(about, indicator__in=list(REGISTRY.indicators))
    return list(warnings.exclude(kind=KindOfWarning.MISSED_TARGET.value))


def _grave_below(seat: Seat) -> Q:
    kinds = [KindOfWarning.OUT_OF_LINE.value, KindOfWarning.WORSENING.value]
    grave = Q(level=Level.INSTITUTION, severity=Severity.RED, kind__in=kinds)
    if seat.level is Level.COUNTY:
        return grave
    members = Institution.objects.filter(consortium_id=seat.group).values("pk")
    return grave & Q(group__in=members)


def one(run: Run, pk: int, view: View) -> Watched:
    """One warning.  Raises Http404 where there is none that may be seen."""
    found = watched(visible_warnings(run, view).filter(pk=pk))
    if not found:
        raise Http404(f"no warning {pk} inside the scope")
    return found[0]


def watched(warnings: Iterable[EarlyWarning]) -> list[Watched]:
    """Warnings with names and what has been done about them."""
    found = list(warnings)
    called = {level: names(level, {each.group for each in found if each.level == level}) for level in Level}
    periods = {each.period_end for each in found}
    handled = {
        tuple(getattr(each, name) for name in KEY): each
        for each in Acknowledgement.objects.filter(period_end__in=periods).select_related("by")
    }
    return [
        Watched(
            each,
            called[Level(each.level)].get(each.group, each.group),
            REGISTRY.indicators[each.indicator],
            handled.get(tuple(getattr(each, name) for name in KEY)),
        )
        for each in found
    ]


def ordered(found: Iterable[Watched]) -> list[Watched]:
    """What nobody has handled first, the wider level first, red before amber, then in the order of a report."""
    order, levels = ({key: place for place, key in enumerate(keys)} for keys in (REGISTRY.indicators, Level))

    def urgency(each: Watched) -> tuple[object, ...]:
        stored = each.stored
        return each.handled is not None, levels[stored.level], stored.severity != Severity.RED, order[each.indicator.id]

    return sorted(found, key=urgency)
