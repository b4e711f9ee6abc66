"""The inbox page, and marking notices as read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.site.inbox.subjects import addresses_of
from yigongti.spine.access.scope import scope_of
from yigongti.spine.notices import inbox as notices
from yigongti.spine.notices.models import Notice

PAGE_SIZE = 30


@dataclass(frozen=True)
class NoticeKind:
    """What a kind of notice is called, and its icon."""

    label: str
    icon: str


KINDS = {
    "case_step": NoticeKind(gettext_noop("事项"), icon="arrows-right-left"),
    "overdue": NoticeKind(gettext_noop("超时"), icon="clock-exclamation"),
    "break_glass": NoticeKind(gettext_noop("紧急查阅"), icon="shield-exclamation"),
    "contract_fee": NoticeKind(gettext_noop("签约服务费"), icon="receipt"),
}
OTHER = NoticeKind(gettext_noop("消息"), icon="bell")


def inbox(request: Any) -> HttpResponse:
    """Somebody's notices, latest first; `?show=unread` leaves the read ones out."""
    found = notices.inbox(request.user.pk)
    unread_only = request.GET.get("show") == "unread"
    pages = Paginator(found.filter(read_at__isnull=True) if unread_only else found, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(page.object_list, roles=scope_of(request.user).roles),
        "unread_only": unread_only,
        "unread": notices.unread_count(request.user.pk),
    }
    return render(request, "inbox/inbox.html", context)


@require_POST
def open_notice(request: Any, notice_id: int) -> HttpResponse:
    """Mark one notice as read and go to what it is about; 404 for another's."""
    notice = notices.inbox(request.user.pk).filter(pk=notice_id).first()
    if notice is None:
        raise Http404("no such notice in this inbox")
    notices.mark_read(request.user.pk, at=clock.now(), notice_id=notice_id)
    addresses = addresses_of([notice.subject], roles=scope_of(request.user).roles)
    return redirect(addresses[notice.subject] or "inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice of the inbox as read."""
    notices.mark_read(request.user.pk, at=clock.now())
    return redirect("inbox")


def _lines(shown: Iterable[Notice], *, roles: Collection[Role]) -> list[dict[str, Any]]:
    found = list(shown)
    addresses = addresses_of((notice.subject for notice in found), roles=roles)
    return [
        {"notice": notice, "kind": KINDS.get(notice.kind, OTHER), "address": addresses[notice.subject]}
        for notice in found
    ]
