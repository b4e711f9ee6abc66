"""What a notice is about, as a page to go to."""

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse

PAGES: Mapping[str, str] = {"case": "case", "resident": "record", "load": "load"}
"""What a subject names before its colon → the URL name of its page, which takes the key after the colon."""


def address_of(subject: str) -> str:
    """ "case:01H…" → the case's page; "" where the notice is about nothing that has a page."""
    kind, _colon, key = subject.partition(":")
    if kind not in PAGES or not key:
        return ""
    try:
        return reverse(PAGES[kind], args=[key])
    except NoReverseMatch:
        return ""
