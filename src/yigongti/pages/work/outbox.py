"""Messages that leave the house and did not arrive: which, why, and once more."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.kernel import clock
from yigongti.kernel.clock import minute_of
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.notices import outbound
from yigongti.spine.notices.models import OutboundMessage
from yigongti.spine.people.masking import masked_phone


def outbox(request: HttpRequest) -> HttpResponse:
    """What failed, latest first.  Addresses are masked and texts are not shown: they may be secrets."""
    columns = (
        Column("at", _("时间")),
        Column("kind", _("类别")),
        Column("to", _("收件地址"), value=lambda row: masked_phone(row.to), order=None),
        Column("failure", _("失败原因")),
        Column("attempts", _("已试次数"), unit="times"),
        Column("next", _("下次发送"), value=_next, order=None, tone=lambda row: "bad" if row.given_up_at else "warn"),
    )
    table = Table("outbox", columns, outbound.troubled(), sort="-at", empty=_("没有发送失败的消息"))
    given_up = outbound.troubled().filter(given_up_at__isnull=False).count()
    return answer(request, "work/outbox.html", table, given_up=given_up)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Let everything that was given up wait for the next round."""
    ids = list(outbound.troubled().filter(given_up_at__isnull=False).values_list("pk", flat=True))
    if not ids:
        raise Http404("nothing was given up")
    tried = sum(outbound.retry(message_id, at=clock.now()) for message_id in ids)
    messages.success(request, _("%(count)s 条消息将在下一轮重新发送") % {"count": tried})
    return redirect("outbox")


def _next(row: OutboundMessage) -> str:
    if row.given_up_at:
        return _("不再发送")
    return minute_of(row.next_at)
