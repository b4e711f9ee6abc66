"""Work too long for a page: a sweep of the whole county."""

from django_tasks import task

from yigongti.capabilities.supervision.services.sweeping import sweep
from yigongti.kernel import clock


@task()
def sweep_job() -> dict[str, int]:
    """Sweep everything; returns how many findings and leads are new."""
    swept = sweep(at=clock.now())
    return {"findings": swept.new_findings, "leads": swept.new_leads}
