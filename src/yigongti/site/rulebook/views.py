"""Rules and documents as people read them: one page a rule, one a document, one for the coverage of clauses."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.kernel import clock
from yigongti.kernel.rules import CAPABILITIES, CONFIDENCE_LABELS, LEVEL_LABELS, Rule, RuleVersion
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.rulebook.coverage import STATES, Served, coverage
from yigongti.spine.county_rules import county_rules

CONFIDENCE_TONES = {"stated": "good", "derived": "plain", "default": "warn"}


def rules(request: HttpRequest) -> HttpResponse:
    """Every rule of the county as it stands today; searched by words, capability and confidence."""
    wanted = {key: request.GET.get(key, "").strip() for key in ("q", "capability", "confidence")}
    rows = [row for row in map(_today, county_rules().rules.values()) if _is_wanted(row, **wanted)]
    capabilities = sorted({rule_id.split(".")[0] for rule_id in county_rules().rules})
    return answer(
        request,
        "rulebook/rules.html",
        _rules_table(rows),
        wanted=wanted,
        capabilities=[(name, CAPABILITIES.get(name, name)) for name in capabilities],
        confidences=CONFIDENCE_LABELS.items(),
        packs=county_rules().packs.values(),
    )


def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: what is in force today, its whole history by place, the clauses, and who uses it."""
    found = county_rules().rules.get(rule_id)
    if found is None:
        raise Http404(rule_id)
    return render(
        request,
        "rulebook/rule.html",
        {
            "rule": found,
            "today": found.in_force(on=clock.today()),
            "history": [_shown(version) for version in found.versions],
            "capability": CAPABILITIES.get(rule_id.split(".", maxsplit=1)[0], ""),
            "indicators": [each for each in INDICATORS.values() if rule_id in (each.target, *each.rules)],
            "clauses": [each for each in coverage() if rule_id in each.rules],
        },
    )


def documents(request: HttpRequest) -> HttpResponse:
    """Every document that the county's rules can cite, with how many values come from it."""
    book = county_rules()
    cited = Counter(version.source.doc for each in book.rules.values() for version in each.versions)
    rows = [{"document": each, "title": each.title, "number": each.number or None, "issuer": each.issuer,
             "issued_on": each.issued_on, "level": LEVEL_LABELS[each.level], "values": cited[each.id]}
            for each in book.documents.values()]  # fmt: skip
    columns = (
        Column("title", _("文件"), link=lambda row: reverse("document", args=[row["document"].id])),
        Column("number", _("文号")),
        Column("issuer", _("发布机构")),
        Column("issued_on", _("日期")),
        Column("level", _("层级")),
        Column("values", _("数值"), unit=""),
    )
    table = Table("documents", columns, rows, sort="-values", empty=_("还没有登记政策文件。"))
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
        {"clause": clause, "values": by_clause.get(clause.id, []), "served": _serving(doc, clause.id)}
        for clause in found.clauses.values()
    ]
    context = {"document": found, "level": LEVEL_LABELS[found.level], "clauses": clauses}
    return render(request, "rulebook/document.html", context)


def coverage_page(request: HttpRequest) -> HttpResponse:
    """What serves each clause of the requirements, filtered by document and state."""
    wanted = {key: request.GET.get(key, "") for key in ("doc", "state")}
    rows = [row for row in coverage() if all(not value or getattr(row, key) == value for key, value in wanted.items())]
    counts = Counter(row.state for row in coverage())
    return answer(
        request,
        "rulebook/coverage.html",
        Table("coverage", _coverage_columns(), rows, size=100, empty=_("没有符合条件的条款。")),
        wanted=wanted,
        states=[(name, label, tone, counts[name]) for name, (label, tone) in STATES.items()],
        documents=sorted({row.doc for row in coverage()}),
        total=len(coverage()),
    )


def _coverage_columns() -> tuple[Column, ...]:
    return (
        Column("id", _("条款"), link=lambda row: reverse("document", args=[row.doc]), narrow=True),
        Column("label", _("要求")),
        Column("state_label", _("状态"), tone=lambda row: row.tone),
        Column("capabilities", _("能力"), value=_capability_names),
        Column("rules", _("规则"), value=lambda row: len(row.rules), unit=""),
        Column("indicators", _("指标"), value=lambda row: len(row.indicators), unit=""),
        Column("workflows", _("流程"), value=lambda row: len(row.workflows), unit=""),
        Column("screens", _("页面"), value=lambda row: len(row.screens), unit=""),
    )


def _capability_names(row: Served) -> str:
    return "、".join(CAPABILITIES.get(name, name) for name in row.capabilities)


def _serving(doc: str, clause: str) -> list[Served]:
    return [row for row in coverage() if row.doc == doc and clause in row.clauses]


def _rules_table(rows: list[dict[str, Any]]) -> Table:
    columns = (
        Column("label", _("规则"), link=lambda row: reverse("rule", args=[row["id"]])),
        Column("value", _("今天的值")),
        Column("due", _("期限")),
        Column("place", _("来自")),
        Column("source", _("依据")),
        Column("confidence_label", _("可信度"), tone=lambda row: CONFIDENCE_TONES.get(row["confidence"], "none")),
    )
    return Table("rules", columns, rows, sort="label", empty=_("没有符合条件的规则。"))


def _today(found: Rule) -> dict[str, Any]:
    """A row for the list; a rule not in force today says so instead of showing an old value."""
    version = found.in_force(on=clock.today())
    row: dict[str, Any] = {"id": found.id, "label": found.label, "capability": found.id.split(".")[0]}
    if version is None:
        return {**row, "value": _("今天无效"), "due": None, "place": None, "source": None, "confidence": "",
                "confidence_label": None}  # fmt: skip
    return {**row, **_shown(version)}


def _shown(version: RuleVersion) -> dict[str, Any]:
    return {
        "version": version,
        "value": version.text,
        "due": version.due,
        "place": county_rules().packs[version.pack].label,
        "source": version.source.text,
        "confidence": version.confidence,
        "confidence_label": CONFIDENCE_LABELS[version.confidence],
        "tone": CONFIDENCE_TONES[version.confidence],
    }


def _is_wanted(row: dict[str, Any], *, q: str, capability: str, confidence: str) -> bool:
    words = f"{row['id']} {row['label']} {row['source'] or ''}".lower()
    return (
        all(word in words for word in q.lower().split())
        and (not capability or row["capability"] == capability)
        and (not confidence or row["confidence"] == confidence)
    )
