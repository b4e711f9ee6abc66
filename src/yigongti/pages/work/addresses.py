"""Where a case is looked at: on the page named after its workflow, where there is one, or on the derived page."""

from collections.abc import Callable, Collection
from functools import cache

from django.urls import reverse

from yigongti.kernel.roles import Role
from yigongti.pages.menu import admits
from yigongti.pages.work.panels import new_page_of
from yigongti.spine.cases.models import Case

CASE_PAGE, NEW_PAGE = "work_case", "work_new"
_ANY = "0" * 26
"""Stands for a case's number in an address."""


def case_address(workflow_id: str, case_id: str, *, roles: Collection[Role]) -> str:
    """The address of a case's page; "" where none is for these roles."""
    for name in (workflow_id, CASE_PAGE):
        if admits(name, roles):
            return reverse(name, args=[case_id])
    return ""


def case_addresses(roles: Collection[Role]) -> Callable[[Case], str]:
    """`case_address` for the cases of a list: what a workflow's addresses look like is worked out once."""
    of_workflow = cache(lambda workflow_id: case_address(workflow_id, _ANY, roles=roles))
    return lambda case: of_workflow(case.workflow).replace(_ANY, case.pk)


def opening_address(workflow_id: str) -> str:
    """The address of the page on which a case of a workflow is opened."""
    own = new_page_of(workflow_id)
    return reverse(own) if own else reverse(NEW_PAGE, args=[workflow_id])
