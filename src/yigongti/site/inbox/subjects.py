"""What notices are about, as pages to go to.

A case's page is the page named after its workflow, or the page `case` that serves every workflow without one.
"""

from collections.abc import Iterable, Mapping

from django.urls import NoReverseMatch, reverse

from yigongti.spine.cases.models import Case

PAGES: Mapping[str, str] = {"resident": "record", "load": "load"}
"""What a subject names before its colon → the URL name of its page, which takes the key after the colon."""
CASE = "case"


def addresses_of(subjects: Iterable[str]) -> dict[str, str]:
    """ "case:01H…" → the case's page, by subject; "" where a notice is about nothing that has a page."""
    wanted = set(subjects)
    workflows = _workflows(subject.removeprefix(f"{CASE}:") for subject in wanted if subject.startswith(f"{CASE}:"))
    return {subject: _address(subject, workflows) for subject in wanted}


def _address(subject: str, workflows: Mapping[str, str]) -> str:
    kind, _colon, key = subject.partition(":")
    names = (workflows.get(key, ""), CASE) if kind == CASE else (PAGES.get(kind, ""),)
    return next((address for name in names if (address := _page(name, key))), "")


def _page(name: str, key: str) -> str:
    if not name or not key:
        return ""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _workflows(keys: Iterable[str]) -> dict[str, str]:
    return dict(Case.objects.filter(pk__in=list(keys)).values_list("pk", "workflow"))
