"""A refusal as other systems read it: `application/problem+json` (RFC 9457), with our own words besides."""

from collections.abc import Mapping

from django.http import HttpResponse, JsonResponse

from yigongti.kernel.errors import Refusal

MEDIA_TYPE = "application/problem+json; charset=utf-8"


def problem(status: int, refusal: Refusal, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The answer of an API that refuses: the status and the refusal; title and detail are what and all of it."""
    told = {"status": status, "title": refusal.what, "detail": str(refusal), **refusal.as_dict()}
    dumped = {"ensure_ascii": False}
    return JsonResponse(told, status=status, headers=headers, content_type=MEDIA_TYPE, json_dumps_params=dumped)
