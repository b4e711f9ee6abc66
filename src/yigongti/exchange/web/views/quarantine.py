"""The quarantine: refused rows by reason, taken away to be mended, or given up with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.web import listings, settling
from yigongti.exchange.web.forms import SettleForm
from yigongti.pages.tables import Column, Table, answer

FILTERS = ("table", "rule", "load")
SHOWN = 60
"""Characters of a value that the list shows; the row's own page has it whole."""
TONES = {"open": "warn", "mended": "good", "replaced": "none", "discarded": "none"}


def quarantine(request: HttpRequest) -> HttpResponse:
    """Refused rows that somebody sees, the open ones at first, with how many break which rule."""
    wanted = _wanted(request.GET)
    rows = listings.quarantined(request.user, **wanted)
    settleable = settling.may_settle(request.user, rows).count()
    everything = listings.quarantined(request.user, state=wanted["state"], load=wanted["load"])
    return answer(
        request,
        "exchange/quarantine.html",
        _table(rows, picking=settleable > 0),
        wanted=wanted,
        filters={name: wanted[name] for name in FILTERS if wanted[name]},
        tallies=listings.tallies(everything),
        states=[(state, _(label)) for state, label in QuarantinedRow.STATES],
        settleable=settleable,
        form=SettleForm(),
    )


def row(request: HttpRequest, number: int) -> HttpResponse:
    """One refused row, whole, with every rule that it breaks and what became of it."""
    found = listings.one_row(request.user, number)
    problems = [{**each, "column_label": listings.column_label(found.table, each["column"])}
                for each in found.all_problems]  # fmt: skip
    context = {
        "row": found,
        "cells": {} if found.is_sealed else found.original,
        "label": listings.table_label(found.table),
        "file": listings.file_name(found.file),
        "problems": problems,
        "state_label": _(found.get_state_display()),
        "tone": TONES[found.state],
        "may_settle": settling.may_settle(request.user, listings.quarantined(request.user)).filter(pk=number).exists(),
        "form": SettleForm(),
    }
    return render(request, "exchange/row.html", context)


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Settle the rows that were picked, or with `all` every open row that the filters leave."""
    form, wanted = SettleForm(request.POST), _wanted(request.POST)
    rows = settling.may_settle(request.user, listings.quarantined(request.user, **{**wanted, "state": ""}))
    if "all" not in request.POST:
        rows = rows.filter(pk__in=[each for each in request.POST.getlist("row") if each.isdecimal()])
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(_address(wanted))
    count = settling.settle(rows, by=request.user, **form.cleaned_data)
    if count:
        messages.success(request, _("已处理 %(count)s 行。") % {"count": count})
    else:
        messages.warning(request, _("没有选中任何待处理的行。"))
    return redirect(_address(wanted))


def mend(request: HttpRequest) -> HttpResponse:
    """The open rows that the filters leave, as a CSV to mend and load again."""
    wanted = _wanted(request.GET)
    rows = listings.quarantined(request.user, **{**wanted, "state": ""})
    made = settling.to_mend(settling.may_settle(request.user, rows).order_by("pk"), by=request.user)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type=made.kind, headers=headers)


def _wanted(given: QueryDict) -> dict[str, str]:
    """What the address asks for; what is not understood is passed over."""
    wanted = {"state": given.get("state", ""), **{name: given.get(name, "") for name in FILTERS}}
    if wanted["state"] not in dict(QuarantinedRow.STATES):
        wanted["state"] = QuarantinedRow.OPEN
    if not wanted["load"].isdecimal():
        wanted["load"] = ""
    return wanted


def _address(wanted: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in wanted.items() if value})
    return f"{reverse('quarantine')}?{query.urlencode()}"


def _table(rows: Any, *, picking: bool) -> Table:
    pick = Column("pick", _("选"), value=lambda row: "", show=_box, order=None)
    columns = (
        *([pick] if picking else []),
        Column("pk", _("编号"), link=lambda row: reverse("quarantined", args=[row.pk])),
        Column("table", _("表"), value=lambda row: listings.table_label(row.table)),
        Column("file", _("数据文件"), value=lambda row: listings.file_name(row.file)),
        Column("line", _("行号"), unit=""),
        Column("column", _("列"), value=lambda row: listings.column_label(row.table, row.column)),
        Column("value", _("值"), show=lambda row: Truncator(row.value).chars(SHOWN), order=None),
        Column("reason", _("原因"), order=None),
        Column("remedy", _("处理办法"), order=None),
    )
    return Table("rows", columns, rows, sort="pk", empty=_("这里没有隔离的行。"), exportable=False)


def _box(row: QuarantinedRow) -> SafeString:
    label = _("选 %(number)s 号") % {"number": row.pk}
    return format_html(
        '<input type="checkbox" class="form-check-input" name="row" value="{}" form="settle" aria-label="{}">',
        row.pk,
        label,
    )
