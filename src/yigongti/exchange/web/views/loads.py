"""Loads: the list with a form to load files, one load with what it refused, the template workbook."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.exchange.files.models import Load, QuarantinedRow
from yigongti.exchange.files.templates import templates
from yigongti.exchange.web import listings
from yigongti.exchange.web.forms import UploadForm
from yigongti.exchange.web.permits import permits_of
from yigongti.exchange.web.uploads import load_uploaded
from yigongti.pages.tables import Column, Table, answer

STATES = ("loaded", "quarantined", "refused")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def loads(request: HttpRequest) -> HttpResponse:
    """The loads that somebody sees, and where they may, a form to load files."""
    wanted = {name: request.GET.get(name, "") for name in ("table", "state")}
    found = listings.loads(request.user, **wanted)
    return answer(
        request,
        "exchange/loads.html",
        _table(found),
        Table("holdings", _holding_columns(), listings.holdings(), caption=_("现有数据"), size=100),
        wanted=wanted,
        known_tables=_tables_of(listings.loads(request.user)),
        states=[(state, _state_label(state)) for state in STATES],
        waiting=listings.quarantined(request.user, state=QuarantinedRow.OPEN).count(),
        latest=listings.loads(request.user).first(),
        form=UploadForm() if permits_of(request.user) else None,
    )


def upload(request: HttpRequest) -> HttpResponse:
    """Load the files that the browser sent, and say what became of them; who comes by address is led to the form."""
    if request.method != "POST":
        return redirect("loads")
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "exchange/upload.html", {"form": form, "report": None})
    report = load_uploaded(form.cleaned_data["files"], by=request.user)
    rows = [_line(file) for file in report.as_dict()["files"]]
    context = {"form": UploadForm(), "report": report, "rows": rows}
    return render(request, "exchange/upload.html", context)


def load(request: HttpRequest, number: int) -> HttpResponse:
    """One load: what came in, and what it refused, by reason with examples."""
    found = listings.one_load(request.user, number)
    siblings = listings.loads(request.user).filter(delivery=found.delivery).exclude(pk=found.pk).order_by("pk")
    context = {
        "load": found,
        "name": listings.file_name(found.file),
        "label": listings.table_label(found.table),
        "state": state_of(found),
        "error": listings.without_folder(found.error, file=found.file),
        "state_label": _state_label(state_of(found)),
        "tone": TONES[state_of(found)],
        "refusals": listings.refusals(found),
        "open_rows": found.quarantine.filter(state=QuarantinedRow.OPEN).count(),
        "siblings": [(each, listings.table_label(each.table)) for each in siblings],
    }
    return render(request, "exchange/load.html", context)


def template(request: HttpRequest) -> FileResponse:
    """The workbook to fill in, with every table's columns, choices and an example."""
    with tempfile.TemporaryDirectory() as folder:
        path = templates(Path(folder))
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=WORKBOOK)


TONES = {"loaded": "good", "quarantined": "warn", "refused": "bad"}


def state_of(load: Load) -> str:
    """refused as a whole, quarantined in part, or loaded."""
    return "refused" if load.error else "quarantined" if load.quarantined else "loaded"


def _line(file: dict[str, Any]) -> dict[str, Any]:
    """One line of a load's report, as the page shows it."""
    error = listings.without_folder(file.get("error", {}), file=file["file"])
    named = {"name": listings.file_name(file["file"]), "label": listings.table_label(file["table"])}
    return {**file, **named, "error": error}


def _state_label(state: str) -> str:
    return {"loaded": _("全部装载"), "quarantined": _("有隔离行"), "refused": _("整份拒收")}[state]


def _tables_of(found: Any) -> list[tuple[str, str]]:
    names = sorted(set(found.order_by().values_list("table", flat=True)) - {""})
    return [(name, listings.table_label(name)) for name in names]


def _table(found: Any) -> Table:
    columns = (
        Column("ended_at", _("时间")),
        Column("file", _("数据文件"), value=lambda row: listings.file_name(row.file), link=_address),
        Column("table", _("表"), value=lambda row: listings.table_label(row.table)),
        Column("state", _("结果"), value=lambda row: _state_label(state_of(row)),
               tone=lambda row: TONES[state_of(row)], order=None),
        Column("rows", _("行数"), unit=""),
        Column("loaded", _("新增"), unit=""),
        Column("replaced", _("替换"), unit=""),
        Column("unchanged", _("未变"), unit=""),
        Column("quarantined", _("隔离"), unit=""),
        Column("by", _("装载人"), value=lambda row: row.by or _("命令行")),
    )  # fmt: skip
    return Table(
        "loads", columns, found, sort="-ended_at", empty=_("还没有装载过文件。请在上方选择文件,或先下载模板填写。")
    )


def _address(row: Load) -> str:
    return reverse("load", args=[row.pk])


def _holding_columns() -> tuple[Column, ...]:
    return (
        Column("label", _("表")),
        Column("rows", _("行数"), unit=""),
        Column("first", _("起始月份")),
        Column("last", _("截止月份")),
        Column("changed_at", _("最近更新")),
    )
