"""What serves each requirement of the policy documents: the whole list, and one with everything that serves it."""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.kernel.rules.coverage import STATES
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.rulebook.coverage import TONES, Served, coverage
from yigongti.site.rulebook.naming import indicator_links, rule_links, screen_links
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules


def coverage_page(request: HttpRequest) -> HttpResponse:
    """What serves each requirement, filtered by document and state."""
    wanted = {key: request.GET.get(key, "") for key in ("doc", "state")}
    rows = [row for row in coverage() if wanted["doc"] in ("", row.doc) and wanted["state"] in ("", row.state)]
    counts = Counter(row.state for row in coverage())
    return answer(
        request,
        "rulebook/coverage.html",
        Table("coverage", _columns(), rows, size=100, empty=_("没有符合条件的条款。")),
        wanted=wanted,
        states=[(name, _(label), TONES[name], counts[name]) for name, label in STATES.items()],
        documents=[(doc, _title(doc)) for doc in dict.fromkeys(row.doc for row in coverage())],
        total=len(coverage()),
    )


def requirement(request: HttpRequest, name: str) -> HttpResponse:
    """One requirement: where it stands, what it asks for, and by what it is served."""
    found = next((row for row in coverage() if row.id == name), None)
    if found is None:
        raise Http404(name)
    document = county_rules().documents.get(found.doc)
    known = document.clauses if document else {}
    context = {
        "requirement": found,
        "document": document,
        "clauses": [known[each] for each in found.clause.clauses if each in known],
        "rules": rule_links(found.clause.rules),
        "indicators": indicator_links(found.clause.indicators),
        "screens": screen_links(found.clause.screens, roles=scope_of(request.user).roles),
    }
    return render(request, "rulebook/requirement.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("id", _("条款"), link=_address),
        Column("label", _("要求"), link=_address),
        Column("state_label", _("状态"), tone=lambda row: row.tone),
        Column("capabilities", _("能力")),
        Column("rules", _("规则"), unit=""),
        Column("indicators", _("指标"), unit=""),
        Column("workflows", _("流程"), unit=""),
        Column("screens", _("页面"), unit=""),
    )


def _address(row: Served) -> str:
    return reverse("requirement", args=[row.id])


def _title(doc: str) -> str:
    document = county_rules().documents.get(doc)
    return document.title if document else doc
