"""Documents as people read them: the list, and one document clause by clause with what comes from it."""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.kernel.rules import LEVEL_LABELS, RuleVersion
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.rulebook.coverage import serving
from yigongti.spine.county_rules import county_rules


def documents(request: HttpRequest) -> HttpResponse:
    """Every document that rules can cite, with how many of the county's values come from it."""
    book = county_rules()
    cited = Counter(version.source.doc for rule in book.rules.values() for version in rule.versions)
    rows = [
        {
            "id": each.id,
            "title": each.title,
            "number": each.number,
            "issuer": each.issuer,
            "issued_on": each.issued_on,
            "level": _(LEVEL_LABELS[each.level]),
            "values": cited[each.id],
        }
        for each in book.documents.values()
    ]
    table = Table("documents", _columns(), rows, sort="-values", empty=_("还没有登记政策文件。"))
    return answer(request, "rulebook/documents.html", table)


def document(request: HttpRequest, doc: str) -> HttpResponse:
    """One document: its clauses, and clause by clause what in the software comes from it."""
    book = county_rules()
    found = book.documents.get(doc)
    if found is None:
        raise Http404(doc)
    by_clause: dict[str, list[RuleVersion]] = {}
    for version in book.citing(doc):
        by_clause.setdefault(version.source.clause, []).append(version)
    clauses = [
        {"clause": clause, "values": by_clause.get(clause.id, []), "requirements": serving(doc, clause.id)}
        for clause in found.clauses.values()
    ]
    context = {"document": found, "level": _(LEVEL_LABELS[found.level]), "clauses": clauses}
    return render(request, "rulebook/document.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("title", _("文件"), link=lambda row: reverse("document", args=[row["id"]])),
        Column("number", _("文号")),
        Column("issuer", _("发布机构")),
        Column("issued_on", _("日期")),
        Column("level", _("层级")),
        Column("values", _("本县所用数值"), unit=""),
    )
