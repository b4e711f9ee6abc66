"""The sweep that nobody asks for: once in a while, where there is something new to look at."""

from datetime import datetime

from yigongti import __version__
from yigongti.analytics.lake import facts_as_of
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.models import RuleEdition, Sweep
from yigongti.capabilities.supervision.services.screening import READS
from yigongti.capabilities.supervision.services.sweeping import DATED, Swept, sweep
from yigongti.spine.county_rules import county_rules

EVERY = "supervision.sweep.every"


def sweep_if_due(*, at: datetime) -> Swept | None:
    """Sweep everything if the last whole sweep is long enough ago and saw less than there is now; None if not.

    What was found before is not found again: the same evidence stays in the same lead.
    """
    if all(facts_as_of(table) is None for table in DATED):
        return None
    last = next((each for each in Sweep.objects.iterator() if set(each.detectors) >= set(DETECTORS)), None)
    if last is not None and (_is_recent(last, at=at) or not _is_stale(last)):
        return None
    return sweep(at=at)


def _is_recent(last: Sweep, *, at: datetime) -> bool:
    return at < last.at + county_rules().find(EVERY, on=at.date()).timedelta


def _is_stale(last: Sweep) -> bool:
    """Whether facts, the rule base or the detectors have changed since."""
    known = [moment for table in READS if (moment := facts_as_of(table)) is not None]
    for name in ("imported_at", "retired_at"):
        known += RuleEdition.objects.filter(**{f"{name}__gt": last.at}).values_list(name, flat=True)
    return last.code_version != __version__ or max(known) > last.at
