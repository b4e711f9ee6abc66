"""What notices are about, as pages to go to.

A case's page is the page named after its workflow, or the derived page that serves every workflow without one.
"""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from yigongti.kernel.roles import Role
from yigongti.pages.menu import admits
from yigongti.pages.work.addresses import case_address
from yigongti.spine.cases.models import Case

PAGES: Mapping[str, str] = {"resident": "record", "load": "load", "team": "contract_fee"}
"""What a subject names before its colon → the URL name of its page, which takes the key after the colon."""
CASE, RESIDENT, TRAIL = "case", "resident", "audit"


def addresses_of(subjects: Iterable[str], *, roles: Collection[Role]) -> dict[str, str]:
    """ "case:01H…" → the case's page, by subject; "" where a notice is about nothing that has a page for these roles.

    Who watches over records and opens none is led to what the audit trail says of the person.
    """
    wanted = set(subjects)
    workflows = _workflows(subject.removeprefix(f"{CASE}:") for subject in wanted if subject.startswith(f"{CASE}:"))
    return {subject: _address(subject, workflows, roles) for subject in wanted}


def _address(subject: str, workflows: Mapping[str, str], roles: Collection[Role]) -> str:
    kind, _colon, key = subject.partition(":")
    if kind == CASE:
        return case_address(workflows[key], key, roles=roles) if key in workflows else ""
    if key and admits(name := PAGES.get(kind, ""), roles):
        return reverse(name, args=[key])
    if kind == RESIDENT and admits(TRAIL, roles):
        return f"{reverse(TRAIL)}?{urlencode({'resident_id': key})}"
    return ""


def _workflows(keys: Iterable[str]) -> dict[str, str]:
    return dict(Case.objects.filter(pk__in=list(keys)).values_list("pk", "workflow"))
