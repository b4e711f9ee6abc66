"""Trial settlements do not pile up: the latest few of a year are kept, a clearing always."""

from datetime import date

import pytest

from payment_runs import county
from yigongti.capabilities.payment.models import LineResult, Run
from yigongti.capabilities.payment.services import runs
from yigongti.kernel import clock
from yigongti.spine.home import home

pytestmark = pytest.mark.store


def another_trial(number: int) -> runs.Settled:
    county.bring(stay=[county.stay(500 + number, "C1", 0, date(2025, 9, 9), 100_000 + number)])
    with clock.at(date(2026, 1, 16 + number)):
        return runs.settle_year(2025)


def folders() -> set[str]:
    return {folder.name for folder in (home().path / "settled").iterdir()}


def test_only_the_latest_trials_of_a_year_are_kept_with_their_files(facts, ruled):
    ruled({"payment.trial_runs_kept": "2"})
    trials = [another_trial(number).run.pk for number in range(3)]
    assert set(Run.objects.values_list("pk", flat=True)) == set(trials[1:])
    assert folders() == {pk[:16] for pk in trials[1:]}
    assert not LineResult.objects.filter(pool__run_id=trials[0]).exists()


def test_who_settles_is_told_of_what_went(facts, ruled):
    ruled({"payment.trial_runs_kept": "1"})
    assert not another_trial(0).notes
    assert "移去 2025 年更早的试算 1 批" in another_trial(1).notes[0]


def test_a_clearing_stays_however_many_trials_follow(facts, ruled, insurer):
    ruled({"payment.trial_runs_kept": "1"})
    cleared = runs.clear_year(another_trial(0).run.pk, by=insurer).run_id
    last = [another_trial(number).run.pk for number in (1, 2)][-1]
    assert set(Run.objects.values_list("pk", flat=True)) == {cleared, last}
    assert runs.reproduce(cleared).is_identical


def test_trials_of_another_year_are_left_alone(facts, ruled):
    ruled({"payment.trial_runs_kept": "1"})
    before = runs.settle_year(2024).run.pk
    another_trial(0)
    assert Run.objects.filter(pk=before).exists()
