"""The timer sweeps where there is something new to look at, not more often than the rule says, and finds nothing
twice."""

from datetime import datetime, timedelta

import pytest

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.models import RuleEdition, Sweep
from yigongti.capabilities.supervision.services import timer

pytestmark = [pytest.mark.django_db]

MORNING = datetime.fromisoformat("2026-01-10T08:00:00+08:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def facts(monkeypatch):
    """Facts by table and when they last changed; a sweep only leaves its record."""
    known = {}

    def swept(*, at):
        Sweep.objects.create(period_start=at, period_end=at, detectors=list(DETECTORS), lines=0, hits=0, new=0,
                             seconds=0, at=at, code_version=timer.__version__)  # fmt: skip
        return "swept"

    monkeypatch.setattr(timer, "facts_as_of", known.get)
    monkeypatch.setattr(timer, "sweep", swept)
    return known


def test_a_county_without_facts_is_not_swept(facts):
    assert timer.sweep_if_due(at=MORNING) is None


def test_new_facts_are_swept_once(facts):
    facts["charge"] = MORNING - HOUR
    assert timer.sweep_if_due(at=MORNING)
    assert timer.sweep_if_due(at=MORNING + 3 * DAY) is None


def test_facts_that_come_all_day_are_swept_at_the_interval_of_the_rule(facts):
    facts["visit"] = MORNING - HOUR
    assert timer.sweep_if_due(at=MORNING)
    facts["visit"] = MORNING + HOUR
    assert timer.sweep_if_due(at=MORNING + 2 * HOUR) is None
    assert timer.sweep_if_due(at=MORNING + DAY)


def test_a_new_edition_of_the_rule_base_is_a_reason_to_sweep(facts):
    facts["charge"] = MORNING - HOUR
    timer.sweep_if_due(at=MORNING)
    RuleEdition.objects.create(title="频次", number=1, sha256="0" * 64, imported_at=MORNING + HOUR)
    assert timer.sweep_if_due(at=MORNING + DAY)


def test_a_sweep_by_some_detectors_does_not_stand_for_all(facts):
    facts["charge"] = MORNING - HOUR
    Sweep.objects.create(period_start=MORNING, period_end=MORNING, detectors=["upcoding"], lines=0, hits=0, new=0,
                         seconds=0, at=MORNING, code_version=timer.__version__)  # fmt: skip
    assert timer.sweep_if_due(at=MORNING + HOUR)
