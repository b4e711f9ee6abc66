"""The routes.  Who may come at all, the access middleware decides; which cases, the reader's scope; which steps, the
engine."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Query, Status

from yigongti.kernel import clock
from yigongti.pages.rest import REFUSED, offered
from yigongti.pages.work.api import declared
from yigongti.pages.work.api.shapes import CasePage, CaseShape, Opening, Taking, WorkflowShape
from yigongti.pages.work.api.telling import case_shape, line_shape
from yigongti.pages.work.lists import seen_workflows
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.listing import PAGE_SIZE, Wanted, page_of
from yigongti.spine.cases.selectors import open_for, seen
from yigongti.spine.cases.worklists import WorkList

MOST = 200


class WorkAPI(NinjaAPI):
    """Adds to the document what each workflow's opening and steps take."""

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> Any:
        """The OpenAPI document with a schema for the data of every workflow's opening and steps."""
        return declared.described(super().get_openapi_schema(*arguments, **options))


api = offered(
    "work", title="医共体事项 Yigongti work", kind=WorkAPI,
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
