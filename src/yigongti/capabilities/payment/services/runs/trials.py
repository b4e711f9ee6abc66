"""Trial runs: those that are no clearing.  The latest of a year are kept, older ones go with their files."""

import shutil
from datetime import date

from django.db import transaction

from yigongti.capabilities.payment.models import Clearing, Run
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.spine.county_rules import county_rules

TRIALS_KEPT = "payment.trial_runs_kept"


def drop_old_trials(newest: Run, *, on: date) -> int:
    """Remove the trial runs of the newest one's year beyond the latest few that the rule keeps; returns how many went.

    A run that is a clearing, or was corrected by one, always stays.
    """
    others = int(county_rules().find(TRIALS_KEPT, on=on).exact) - 1
    trials = Run.objects.filter(year=newest.year, clearing__isnull=True).exclude(pk=newest.pk)
    older = trials.order_by("-created_at", "-pk").values_list("pk", flat=True)[max(others, 0) :]
    return sum(_dropped(run_id) for run_id in older)


def _dropped(run_id: str) -> bool:
    """Remove one run unless it became a clearing meanwhile."""
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id).first()
        if run is None or Clearing.objects.filter(run=run).exists():
            return False
        run.delete()
    shutil.rmtree(inputs.folder_of(run_id), ignore_errors=True)
    return True
