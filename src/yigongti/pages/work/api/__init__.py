"""REST of every declared workflow: declarations, lists, cases, opening, steps; OpenAPI at `/api/work/openapi.json`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yigongti.pages.work.api.routes import api

__all__ = ["routes"]

ROOT = "api-root"


def routes() -> Any:
    """What `pages.urls.api` takes; the root leads to the document."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if getattr(pattern, "name", "") == ROOT:
            pattern.callback = _to_document
    return patterns, app_name, namespace


def _to_document(request: HttpRequest, **_named: object) -> HttpResponse:
    return redirect(f"{api.urls_namespace}:openapi-json")
