"""What takes longer than a page may, as jobs: refreshing, evaluating, working a run out again."""

from dataclasses import asdict
from typing import Any

from django_tasks import task

from yigongti.capabilities.measure.services import freezing, runs
from yigongti.spine.access.models import User


@task()
def refresh_job(*, user_id: int) -> str:
    """Compute everything anew; returns the run's id."""
    return str(runs.refresh(by=User.objects.get(pk=user_id)).pk)


@task()
def evaluate_job(*, kind: str, period: str, user_id: int) -> str:
    """Compute a monitoring or an evaluation; returns the run's id."""
    return str(runs.evaluate(kind, period=period, by=User.objects.get(pk=user_id)).pk)


@task()
def reproduce_job(*, run_id: str) -> dict[str, Any]:
    """Work a run out again; returns the reproduction with at most 50 of its differences."""
    again = freezing.reproduce(run_id)
    found = asdict(again) | {"is_identical": again.is_identical, "count": len(again.differences)}
    return {**found, "differences": [asdict(each) for each in again.differences[:50]]}
