"""Work that is done when there is something new to do, not on a page's request."""

from collections.abc import Callable

from yigongti import __version__
from yigongti.analytics.lake import facts_as_of
from yigongti.capabilities.measure.models import Kind, Run
from yigongti.capabilities.measure.services.runs import PACE, refresh
from yigongti.kernel.facts import COUNTY
from yigongti.spine.places.models import Institution


def is_empty() -> bool:
    """Whether the county has no institution yet."""
    return not Institution.objects.exists()


def refresh_if_stale(*, tell: Callable[[str], object]) -> bool:
    """Compute all indicators where facts have arrived since the last time; returns whether it did."""
    if facts_as_of(PACE) is None:
        return False
    latest = max(moment for name in COUNTY if (moment := facts_as_of(name)) is not None)
    if Run.objects.filter(kind=Kind.REFRESH, created_at__gte=latest, code_version=__version__).exists():
        return False
    tell("计算指标 …")
    refresh()
    return True
