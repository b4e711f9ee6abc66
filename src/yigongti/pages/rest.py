"""A REST service as this product offers them: who comes in, how it refuses, where its document is.

    api = offered("booking", title="医共体预约", description="…")

    @api.get("/slots", response={200: list[SlotShape], **REFUSED})
    def slots(request): …

    urlpatterns = [pages.urls.api("api/booking/", routes(api), roles=…)]

Who comes shows a token, or the browser's session; with a session, what changes something needs the CSRF token too.
Every refusal is a problem (`spine.access.problems`); the document is at `openapi.json`, where the root leads.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.problems import problem

ROOT = "api-root"


class Problem(Schema):
    """Why something was refused: what, where, why (rule or clause), and what to do; in Chinese.  title and detail say
    the same for clients that know RFC 9457 alone."""

    status: int
    title: str
    detail: str
    what: str
    where: str = ""
    why: str = ""
    remedy: str = ""


REFUSED: dict[int, type[Any]] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
"""What every route may answer instead."""


class Token(HttpBearer):
    """`Authorization: Bearer <token>`.  The access middleware has judged it by now."""

    openapi_description = "账号的接口令牌,在“接口令牌”页面签发;能做什么与账号相同"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "api_token", None)


class Session(SessionAuth):
    """The browser's session; the access middleware has judged it by now."""

    openapi_description = "浏览器登录后的会话;修改数据的请求还要带 X-CSRFToken"


def offered(name: str, *, title: str, description: str, kind: type[NinjaAPI] = NinjaAPI) -> NinjaAPI:
    """A service of which every route asks who comes and refuses by problems.  Its names are under `<name>_api`."""
    api = kind(title=title, version="1", urls_namespace=f"{name}_api", docs_url=None, auth=[Token(), Session()],
               description=description)  # fmt: skip
    for error, answer in _ANSWERS.items():
        api.add_exception_handler(error, _bound(answer, api))
    return api


def routes(api: NinjaAPI) -> Any:
    """What `pages.urls.api` takes; the root leads to the document."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if getattr(pattern, "name", "") == ROOT:
            pattern.callback = lambda request, **_named: redirect(document_of(api))
    return patterns, app_name, namespace


def document_of(api: NinjaAPI) -> str:
    """The address of the OpenAPI document."""
    return reverse(f"{api.urls_namespace}:openapi-json")


Answer = Callable[[NinjaAPI, HttpRequest, Any], HttpResponse]


def _bound(answer: Answer, api: NinjaAPI) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: answer(api, request, error)


def _refused(api: NinjaAPI, request: HttpRequest, error: Refusal) -> HttpResponse:
    return problem(403 if isinstance(error, NotAllowed) else 409, error)


def _not_there(api: NinjaAPI, request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, Refusal("没有这一项,或它不在您的管辖范围内", where=request.path))


def _malformed(api: NinjaAPI, request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = "、".join(".".join(str(part) for part in each["loc"]) for each in error.errors)
    why = ";".join(str(each["msg"]).removeprefix("Value error, ") for each in error.errors)
    return problem(422, Refusal("请求的格式不对", where=where, why=why, remedy=f"请对照 {document_of(api)}"))


def _not_taken(api: NinjaAPI, request: HttpRequest, error: HttpError) -> HttpResponse:
    csrf = "用会话修改数据的请求要带上 X-CSRFToken;或改用接口令牌"
    remedy = csrf if error.status_code == HTTPStatus.FORBIDDEN else f"请对照 {document_of(api)}"
    return problem(error.status_code, Refusal("请求没有被接受", why=str(error), remedy=remedy))


_ANSWERS: dict[type[Exception], Answer] = {
    Refusal: _refused, Http404: _not_there, ValidationError: _malformed, HttpError: _not_taken,
}  # fmt: skip
