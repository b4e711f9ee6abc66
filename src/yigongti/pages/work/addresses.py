"""Where a case is looked at: on the page named after its workflow, where there is one, or on the derived page."""

from collections.abc import Collection

from django.urls import reverse

from yigongti.kernel.roles import Role
from yigongti.pages.menu import admits
from yigongti.pages.work.panels import new_page_of

CASE_PAGE, NEW_PAGE = "work_case", "work_new"


def case_address(workflow_id: str, case_id: str, *, roles: Collection[Role]) -> str:
    """The address of a case's page; "" where none is for these roles."""
    for name in (workflow_id, CASE_PAGE):
        if admits(name, roles):
            return reverse(name, args=[case_id])
    return ""


def opening_address(workflow_id: str) -> str:
    """The address of the page on which a case of a workflow is opened."""
    own = new_page_of(workflow_id)
    return reverse(own) if own else reverse(NEW_PAGE, args=[workflow_id])
