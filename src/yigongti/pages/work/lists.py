"""Work lists: what waits for me, what is mine, what is late; narrowed, searched, taken away as a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Workflow
from yigongti.pages import exports
from yigongti.pages.tables import MOST_EXPORTED, Column, Table
from yigongti.pages.work import people, wording
from yigongti.pages.work.addresses import case_addresses, opening_address
from yigongti.pages.work.cases import tone_of
from yigongti.pages.work.opening import can_open
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.listing import PAGE_SIZE, Page, Wanted, count_up_to, every, page_of
from yigongti.spine.cases.worklists import WorkList

LABELS = {
    WorkList.TO_DO: gettext_noop("待我办理"),
    WorkList.MINE: gettext_noop("我发起的"),
    WorkList.OPEN: gettext_noop("本机构在办"),
    WorkList.DUE: gettext_noop("限期内"),
    WorkList.OVERDUE: gettext_noop("已超时"),
    WorkList.ALL: gettext_noop("全部"),
}
EMPTY = {
    WorkList.TO_DO: gettext_noop("没有等您办理的事项"),
    WorkList.OVERDUE: gettext_noop("没有超时的事项"),
}
LATE = '<strong class="verdict tone-bad">{}</strong>'
COUNTED = PAGE_SIZE + 1
"""How far the counts on the tabs go: beyond it, "30+"."""


@dataclass(frozen=True)
class Tab:
    """One list among those of the page: its name, address, whether it is open, how many cases it has."""

    label: str
    address: str
    is_open: bool
    count: str


def work(request: HttpRequest) -> HttpResponseBase:
    """`?list=to_do&workflow=&state=&q=&after=`; `&export=csv|xlsx` takes the whole list away."""
    user: Any = request.user
    which, wanted, now = _which(request), _wanted(request), clock.now()
    kind = request.GET.get("export", "")
    if kind in exports.KINDS:
        cases = every(which, user, wanted=wanted, at=now, most=MOST_EXPORTED)
        return exports.response(_(LABELS[which]), _headings(), _rows(cases), kind=kind)
    page = page_of(which, user, wanted=wanted, at=now, after=request.GET.get("after", ""))
    roles = scope_of(user).roles
    workflows = seen_workflows(roles)
    context = {
        "tabs": _tabs(request, which, user, page),
        "which": which,
        "wanted": wanted,
        "workflows": [(each.id, _(each.label)) for each in workflows],
        "states": _states(wanted.workflow_id),
        "table": _table(page, roles=roles),
        "more": _address(request, after=page.after) if page.after else "",
        "first": _address(request, after="") if request.GET.get("after") else "",
        "exports": [(each.upper(), _address(request, export=each)) for each in exports.KINDS],
        "openable": [(_(each.label), opening_address(each.id)) for each in workflows if can_open(user, each)],
        "nothing": _(EMPTY.get(which, "这里还没有事项")),
    }
    return render(request, "work/list.html", context)


def _table(page: Page, *, roles: Collection[Role]) -> Table:
    """Cases as a list shows them; people by their masked names."""
    now, state, address = clock.now(), cache(_state), case_addresses(roles)

    def due(case: Any) -> str:
        text = wording.due_text(case.due_at, now=now)
        return format_html(LATE, text) if case.due_at and case.due_at < now else text or "—"

    columns = (
        Column("title", _("事项"), show=lambda case: case.title or case.pk[-8:], link=address, order=None),
        Column("resident", pgettext("one", "居民"), show=_resident, order=None),
        Column("workflow", _("流程"), show=lambda case: state(case.workflow, case.state)[0], order=None),
        Column("state", _("状态"), show=lambda case: state(case.workflow, case.state)[1], tone=tone_of, order=None),
        Column("institution", _("发起机构"), show=_opener, order=None),
        Column("counterpart", _("承接机构"), show=lambda case: case.counterpart_name or "—", order=None),
        Column("due_at", _("时限"), show=due, order=None),
    )
    return Table("cases", columns, page.cases, size=PAGE_SIZE, exportable=False)


def _resident(case: Any) -> str:
    if case.resident_born is None:
        return "—"
    return people.masked_line(
        case.resident_name or "", resident_id=case.resident_id, sex=case.resident_sex, born=case.resident_born,
        died=case.resident_died,
    )  # fmt: skip


def _opener(case: Any) -> str:
    return case.institution_name or wording.opener_of(case)


def _state(workflow_id: str, state: str) -> tuple[str, str]:
    """What a workflow and its state are called; by their ids where this composition does not have it."""
    workflow = REGISTRY.workflows.get(workflow_id)
    return (_(workflow.label), wording.state_of(workflow, state)) if workflow else (workflow_id, state)


def seen_workflows(roles: Collection[Role]) -> list[Workflow]:
    """The workflows in which one of the roles takes part."""
    return [each for each in REGISTRY.workflows.values() if not each.participants.isdisjoint(roles)]


def _which(request: HttpRequest) -> WorkList:
    asked = request.GET.get("list", "")
    return WorkList(asked) if asked in list(WorkList) else WorkList.TO_DO


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    workflow = asked.get("workflow", "")
    known = REGISTRY.workflows.get(workflow)
    state = asked.get("state", "")
    return Wanted(workflow if known else "", state if known and state in known.states else "", asked.get("q", "")[:100])


def _states(workflow_id: str) -> list[tuple[str, str]]:
    workflow = REGISTRY.workflows.get(workflow_id)
    return [(state, _(label)) for state, label in workflow.states.items()] if workflow else []


def _tabs(request: HttpRequest, which: WorkList, user: Any, page: Page) -> Sequence[Tab]:
    is_whole = not any(request.GET.get(name) for name in ("workflow", "state", "q", "after"))
    read = {which: page.known} if is_whole else {}
    return [
        Tab(_(label), _address(request, list=each.value, after="", state=""), each is which, _counted(each, user, read))
        for each, label in LABELS.items()
    ]


def _counted(which: WorkList, user: Any, read: Mapping[WorkList, int]) -> str:
    """How many wait, on the tabs that call for work; read: what the page itself has read of its list."""
    if which not in (WorkList.TO_DO, WorkList.OVERDUE):
        return ""
    count = read[which] if which in read else count_up_to(COUNTED, which, user, at=clock.now())
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count or "")


def _address(request: HttpRequest, **changes: str) -> str:
    """The present address with some of its parameters changed; "" takes one away."""
    asked = {**request.GET.dict(), **changes}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _headings() -> list[str]:
    return [
        _("事项编号"),
        _("流程"),
        _("摘要"),
        _("状态"),
        _("发起机构"),
        _("承接机构"),
        _("发起时间"),
        _("应办时间"),
        _("办结时间"),
    ]


def _rows(cases: Iterator[Any]) -> Iterator[list[Any]]:
    called = cache(_state)
    for case in cases:
        label, state = called(case.workflow, case.state)
        yield [
            case.pk, label, case.title, state, _opener(case), case.counterpart_name or "", case.opened_at, case.due_at,
            case.closed_at,
        ]  # fmt: skip
