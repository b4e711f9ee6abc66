"""The published rule base: editions in force, and importing a workbook."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.supervision.facts.tables import LIMIT_KINDS
from yigongti.capabilities.supervision.models import RuleEdition
from yigongti.capabilities.supervision.services.rule_base import import_workbook
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.pages.tables import Column, Table, answer


def listed(request: HttpRequest) -> HttpResponse:
    """Every edition, those in force first."""
    table = Table(
        "editions",
        columns=(
            Column("title", _("规则库")),
            Column("number", _("版次"), unit=""),
            Column("state", _("状态"), value=lambda row: _("已停用") if row.retired_at else _("在用"),
                   tone=lambda row: "none" if row.retired_at else "good", order="retired_at"),
            Column("kinds", _("内容"), value=_kinds, order=None),
            Column("lines", _("知识点"), value=lambda row: sum(row.counts.values()), unit="", order=None),
            Column("imported_at", _("导入时间")),
        ),
        rows=RuleEdition.objects.order_by("retired_at", "title"),
        sort="title",
        empty=_("还没有导入规则库;请导入国家公布的知识点工作簿"),
    )  # fmt: skip
    return answer(request, "supervision/rule_base.html", table)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Import the workbooks that were sent, in one go: a refused one leaves those before it."""
    files = request.FILES.getlist("files")
    if not files:
        raise Refusal(_("请先选择文件"))
    for file in files:
        done = import_workbook(file.read(), name=str(file.name), by=request.user, at=clock.now())
        text = (
            _("%(title)s 第 %(number)s 版:已导入 %(lines)s 条") if done.is_new else _("%(title)s 第 %(number)s 版:未变")
        )
        messages.success(request, text % {"title": done.title, "number": done.number, "lines": done.lines})
    return redirect("rule_base")


def _kinds(edition: RuleEdition) -> str:
    return "、".join(_(LIMIT_KINDS[kind]) for kind in edition.counts)
