"""The routes.  Who may come at all, the access middleware decides; which cases, the reader's scope; which steps, the
engine.  Who comes shows a token, or the browser's session; with a session, what changes something needs the CSRF token
too."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.pages.work.api import declared
from yigongti.pages.work.api.shapes import CasePage, CaseShape, Opening, Problem, Taking, WorkflowShape
from yigongti.pages.work.api.telling import case_shape, line_shape
from yigongti.pages.work.lists import seen_workflows
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.listing import PAGE_SIZE, Wanted, page_of
from yigongti.spine.cases.selectors import open_for, seen
from yigongti.spine.cases.worklists import WorkList

REFUSED: dict[int, type[Any]] = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 200


class WorkAPI(NinjaAPI):
    """Adds to the document what each workflow's opening and steps take."""

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> Any:
        """The OpenAPI document with a schema for the data of every workflow's opening and steps."""
        return declared.described(super().get_openapi_schema(*arguments, **options))


class Token(HttpBearer):
    """`Authorization: Bearer <token>`.  The access middleware has judged it by now."""

    openapi_description = "账号的接口令牌,在“接口令牌”页面签发;能做什么与账号相同"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "api_token", None)


class Session(SessionAuth):
    """The browser's session; the access middleware has judged it by now."""

    openapi_description = "浏览器登录后的会话;修改数据的请求还要带 X-CSRFToken"


api = WorkAPI(
    title="医共体事项 Yigongti work", version="1", urls_namespace="work_api", docs_url=None,
    auth=[Token(), Session()],
    description="每个流程的列表、事项、发起与办理。错误以 what/where/why/remedy 说明。",
)  # fmt: skip


@api.get("/workflows", response=list[WorkflowShape], summary="您参与的流程")
def workflows(request: HttpRequest) -> list[WorkflowShape]:
    """The workflows in which the reader takes part, as declared."""
    return [declared.workflow_shape(each) for each in seen_workflows(scope_of(request.user).roles)]


@api.get("/cases", response={200: CasePage, **REFUSED}, summary="事项列表")
def cases(
    request: HttpRequest,
    list: WorkList = WorkList.TO_DO,  # noqa: A002 -- the name that the pages' addresses have
    workflow: str = "",
    state: str = "",
    q: str = Query("", max_length=100),
    after: str = Query("", max_length=100),
    size: int = Query(PAGE_SIZE, ge=1, le=MOST),
) -> CasePage:
    """One page of a list, most urgent first (all: latest first)."""
    wanted = Wanted(workflow, state, q)
    page = page_of(list, request.user, wanted=wanted, at=clock.now(), after=after, size=size)
    return CasePage(cases=[line_shape(case) for case in page.cases], after=page.after)


@api.get("/cases/{case_id}", response={200: CaseShape, **REFUSED}, summary="一件事项")
def case(request: HttpRequest, case_id: str) -> CaseShape:
    """A case with its events and the steps that the reader may take now.  Reading a person's case is audited."""
    return case_shape(open_for(request.user, case_id=case_id), user=request.user)


@api.post("/cases", response={201: CaseShape, **REFUSED}, summary="发起")
def open_one(request: HttpRequest, opening: Opening) -> Status:
    """Open a case; the same request_id again gives the same case."""
    user: Any = request.user
    parties = Parties(opening.institution_id, opening.counterpart_id, opening.resident_id)
    opened = open_case(
        opening.workflow, parties=parties, by=user, at=clock.now(), request_id=opening.request_id, data=opening.data
    )
    return Status(201, case_shape(opened, user=user))


@api.post("/cases/{case_id}/steps/{step}", response={200: CaseShape, **REFUSED}, summary="办理一步")
def step(request: HttpRequest, case_id: str, step: str, taking: Taking) -> CaseShape:
    """Take a step; the same request_id again changes nothing and answers the same."""
    user: Any = request.user
    found = seen(user, case_id=case_id)
    found.version = taking.version
    take(found, step, by=user, at=clock.now(), request_id=taking.request_id, data=taking.data)
    return case_shape(open_for(user, case_id=case_id), user=user)


def _problem(status: int, what: str, **said: str) -> HttpResponse:
    content = Problem(status=status, what=what, **said).model_dump_json()
    return HttpResponse(content, status=status, content_type="application/problem+json; charset=utf-8")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return _problem(403 if isinstance(error, NotAllowed) else 409, **error.as_dict())


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, "没有这件事项,或它不在您的管辖范围内", where=request.path)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = "、".join(".".join(str(part) for part in each["loc"]) for each in error.errors)
    why = ";".join(str(each["msg"]) for each in error.errors)
    return _problem(422, "请求的格式不对", where=where, why=why, remedy="请对照 /api/work/openapi.json")


@api.exception_handler(HttpError)
def _not_taken(request: HttpRequest, error: HttpError) -> HttpResponse:
    csrf = "用会话修改数据的请求要带上 X-CSRFToken;或改用接口令牌"
    remedy = csrf if error.status_code == HTTPStatus.FORBIDDEN else "请对照 /api/work/openapi.json"
    return _problem(error.status_code, "请求没有被接受", why=str(error), remedy=remedy)
