"""Documents: the list with the form to import, one document, its steps, its coverage, and what others set otherwise."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.ledger.models import PolicyDocument, Target, Verdict
from yigongti.capabilities.ledger.selectors import documents, tasks
from yigongti.capabilities.ledger.selectors.standings import by_clause, figures
from yigongti.capabilities.ledger.selectors.wording import indicator_label, wanted
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.capabilities.ledger.services.reviewing import DESCRIBABLE
from yigongti.capabilities.ledger.services.rule_ending import rules_of
from yigongti.capabilities.ledger.web.boards import tally
from yigongti.capabilities.ledger.web.forms import (
    EnforceForm,
    HeadingForm,
    ImportForm,
    ReasonForm,
    ReplaceForm,
)
from yigongti.capabilities.ledger.web.saying import explain, said
from yigongti.capabilities.ledger.web.targets import rule_choices
from yigongti.capabilities.ledger.workflow import KEEPERS, POLICY_DOCUMENT
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.rules.coverage import STATES
from yigongti.kernel.rules.model import LEVEL_LABELS
from yigongti.pages.downloads import download
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import may
from yigongti.spine.cases.checks import permitted
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.selectors import timeline

LARGEST_FILE = 30 << 20
BARE = 20
"""Letters that a clause has besides its heading (its number, a mark) where it is nothing but a heading."""
COVERED = {"served": "good", "partly": "warn", "ledger only": "plain", "planned": "none"}


def listed(request: HttpRequest) -> HttpResponseBase:
    """Every document, and for who keeps the ledger the form to import one."""
    form = ImportForm() if may(request.user, KEEPERS) else None
    return answer(request, "ledger/documents.html", _table(), form=form, differences=len(documents.different()))


def upload(request: HttpRequest) -> HttpResponseBase:
    """Read and store files, each by itself; what is refused stands beside the form, and nothing of it is stored."""
    if request.method != "POST":
        return redirect("policy_documents")
    form = ImportForm(request.POST, request.FILES)
    found: list[PolicyDocument] = []
    refusals: list[Refusal] = []
    for file in form.cleaned_data["file"] if form.is_valid() else ():
        try:
            found += _imported(file, request.user)
        except Refusal as refusal:
            refusals.append(refusal)
    if len(found) == 1 and not refusals:
        return redirect("policy_review", found[0].pk)
    if found:
        messages.success(request, _("已读入 %(count)s 份文件,请逐份核对。") % {"count": len(found)})
    if form.is_valid() and not refusals:
        return redirect("policy_documents")
    context = {"form": form, "refusals": refusals, "differences": len(documents.different())}
    return answer(request, "ledger/documents.html", _table(), **context)


def _imported(file: UploadedFile, by: Any) -> list[PolicyDocument]:
    size = file.size or 0
    if size > LARGEST_FILE:
        raise Refusal(f"文件有 {size >> 20} MB", where=str(file.name), remedy="请只保留正文后再上传")
    return import_file(file.read(), name=str(file.name), by=by, at=clock.now())


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """One document: what it is, where it stands, its clauses with their targets and tasks."""
    user: Any = request.user
    document = documents.document_or_404(key)
    clauses = list(documents.clauses_of(document))
    confirmed = Target.objects.filter(clause__document=document, verdict=Verdict.CONFIRMED).order_by("place")
    known = by_clause(figures(confirmed, on=clock.today()))
    rows = tasks.rows(tasks.tasks(user).filter(clause__document=document), on=clock.today())
    at = {row.task.clause_id: row for row in rows}
    context = {
        "document": document,
        "level": _(LEVEL_LABELS[document.level]),
        "state": _(POLICY_DOCUMENT.states[document.state]),
        "clauses": [
            (clause, known.get(clause.pk, []), at.get(clause.pk))
            for clause in clauses
            if clause.is_task or clause.pk in known or len(clause.text) > len(clause.heading) + BARE
        ],
        "tally": tally([row for row in rows if row.is_open]),
        "tally_of": urlencode({"document": document.pk}),
        "still_open": sum(row.is_open for row in rows),
        "written": rules_of(document, at=clock.now()) if document.closed_at else [],
        "events": [said(POLICY_DOCUMENT, event) for event in timeline(document)],
        "offered": _offered(document, user),
        "heading_form": _heading_form(document),
        "is_standing": document.state in documents.STANDING,
        "rule_ids": rule_choices() if document.state in documents.STANDING else [],
        "periods": _periods(),
        "replaces": document.replaces.all(),
    }
    return render(request, "ledger/document.html", context)


@require_POST
def step(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take a step of a document."""
    document = documents.document_or_404(key)
    name = request.POST.get("step", "")
    document.version = int(request.POST.get("version") or document.version)
    form = _form(name, document, request)
    if not form.is_valid():
        raise Refusal(_("请把表单填写完整"), remedy="；".join(str(error) for error in form.errors.values()))
    data = {field: getattr(value, "pk", value) for field, value in form.cleaned_data.items()}
    request_id = request.POST.get("request_id") or new_id()
    try:
        take(document, name, by=request.user, at=clock.now(), request_id=request_id, data=data)
    except NotAllowed as refused:
        explain(request, refused, document, name)
        return redirect("policy_review" if name == "confirm" else "policy_document", key)
    messages.success(request, _("已办理:%(step)s") % {"step": _(POLICY_DOCUMENT.labelled(name))})
    return redirect("policy_document", key)


def original(request: HttpRequest, key: str) -> HttpResponse:
    """The file as it came."""
    file = documents.document_or_404(key).file
    return download(file.name, bytes(file.content.data))


def coverage(request: HttpRequest, key: str) -> HttpResponseBase:
    """Every clause of a document with what serves it: tasks, indicators, rules, and the registered requirements."""
    document = documents.document_or_404(key)
    registered = documents.requirements(document)
    rows = [
        (clause, registered.get(clause.pk, []), [each for each in clause.targets.all() if each.is_confirmed])
        for clause in documents.clauses_of(document)
        if clause.is_task or registered.get(clause.pk)
    ]
    states = {state: (_(label), COVERED[state]) for state, label in STATES.items()}
    context = {"document": document, "rows": rows, "states": states, "is_registered": bool(registered)}
    return render(request, "ledger/coverage.html", context)


def differences(request: HttpRequest) -> HttpResponseBase:
    """What several documents set differently, side by side with level and date."""
    found = [
        (indicator_label(each.indicator) or each.phrase, [_setting(target) for target in each.targets])
        for each in documents.different()
    ]
    return render(request, "ledger/differences.html", {"found": found})


def _setting(target: Target) -> dict[str, Any]:
    document = target.clause.document
    return {
        "target": target, "document": document, "level": _(LEVEL_LABELS[document.level]), "wanted": wanted(target),
        "state": _(POLICY_DOCUMENT.states[document.state]),
    }  # fmt: skip


def _heading_form(document: PolicyDocument) -> HeadingForm | None:
    """The form to correct what a document is: until a rule cites it."""
    may_be = document.state in DESCRIBABLE and not document.rule_source
    return HeadingForm(document=document) if may_be else None


def _offered(document: PolicyDocument, user: Any) -> list[dict[str, Any]]:
    found = []
    for each in POLICY_DOCUMENT.steps_from(document.state):
        try:
            permitted(document, each.name, by=user, at=clock.now())
        except NotAllowed:
            continue
        form = _form(each.name, document, None)
        found.append({"step": each, "label": _(each.title), "form": form, "request_id": new_id()})
    return found


def _form(name: str, document: PolicyDocument, request: HttpRequest | None) -> forms.Form:
    filled = (request.POST,) if request else ()
    if name == "replace":
        return ReplaceForm(*filled, document=document, prefix=name)
    if name == "enforce":
        begins = document.issued_on or clock.today()
        return EnforceForm(*filled, prefix=name, initial={"in_force_from": begins})
    return (ReasonForm if name in ("withdraw", "discard") else forms.Form)(*filled, prefix=name)


def _periods() -> list[str]:
    """The half-years and years that a report may be asked for: this year and the one before."""
    year = clock.today().year
    return [f"{year}", f"{year}H1", f"{year}H2", f"{year - 1}", f"{year - 1}H1", f"{year - 1}H2"]


def _table() -> Table:
    columns = (
        Column("title", _("文件"), link=_address),
        Column("number", _("文号")),
        Column("issuer", _("发文机关")),
        Column("issued_on", _("发文日期")),
        Column("level", _("层级"), value=lambda row: _(LEVEL_LABELS[row.level]), order=None),
        Column("state", _("状态"), value=lambda row: _(POLICY_DOCUMENT.states[row.state]), order=None),
        Column("unread", _("待核对目标"), unit=""),
        Column("targets", _("已确认目标"), unit=""),
        Column("open_tasks", _("在办任务"), unit=""),
        Column("all_tasks", _("全部任务"), unit=""),
    )
    empty = _("台账里还没有文件。请导入第一份政策文件。")
    return Table("documents", columns, documents.documents(), sort="-issued_on", empty=empty)


def _address(row: PolicyDocument) -> str:
    return reverse("policy_document", args=[row.pk])
