"""Work that takes longer than a page may: put into the database's queue, done by a process of its own.

job = enqueue(evaluate_job, kind="annual", period="2025", user_id=7)      # in a view
unfinished(evaluate_job)                                                # what waits, runs or has failed lately
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks.base import Task, TaskResult
from django_tasks_db.models import DBTaskResult

from yigongti.kernel import clock

IN_DATABASE = "django_tasks_db.DatabaseBackend"
FAILURES_SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """A job that is not done: its arguments, when it was asked for, and what became of it.

    state: waiting, running or failed; problem: why it failed, as its refusal says.
    """

    arguments: dict[str, Any]
    asked_at: datetime
    state: str
    problem: str = ""


def enqueue(task: Task, **arguments: Any) -> TaskResult:
    """Put a job into the queue, and start a worker for it when the transaction commits."""
    result = task.enqueue(**arguments)
    if settings.TASKS["default"]["BACKEND"] == IN_DATABASE:
        transaction.on_commit(_start_worker)
    return result


def unfinished(*tasks: Task) -> Sequence[Job]:
    """The jobs of some tasks that wait or run, and those that failed within a day; latest first."""
    rows = DBTaskResult.objects.filter(task_path__in=[task.module_path for task in tasks]).order_by("-enqueued_at")
    recent = clock.now() - FAILURES_SHOWN_FOR
    waiting = rows.filter(status__in=["READY", "RUNNING"])
    failed = rows.filter(status="FAILED", finished_at__gt=recent)
    return [_job(row) for row in (waiting | failed)[:20]]


def _job(row: DBTaskResult) -> Job:
    state = {"READY": "waiting", "RUNNING": "running"}.get(row.status, "failed")
    problem = row.traceback.strip().splitlines()[-1].partition(": ")[2] if row.traceback else ""
    return Job(row.args_kwargs["kwargs"], row.enqueued_at, state, problem)


def _start_worker() -> None:
    """A process that does all that waits, and ends; it outlives the web server's own."""
    command = [sys.executable, "-m", "django", "db_worker", "--batch", "--no-startup-delay", "--verbosity", "0"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yigongti.site.settings"}
    nowhere = subprocess.DEVNULL
    subprocess.Popen(command, env=environment, start_new_session=True, stdin=nowhere, stdout=nowhere)


def latest_result(task: Task, **arguments: Any) -> Any:
    """What the last successful job with these arguments returned; None where there is none."""
    rows = DBTaskResult.objects.filter(task_path=task.module_path, status="SUCCESSFUL").order_by("-finished_at")
    return next((row.return_value for row in rows[:200] if row.args_kwargs["kwargs"] == arguments), None)
