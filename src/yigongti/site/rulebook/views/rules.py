"""Rules as people read them: the list as it stands today, and one rule with its history, clauses and users."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import CAPABILITIES, CONFIDENCE_LABELS, Rule, RuleVersion
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.rulebook.coverage import resting_on
from yigongti.site.rulebook.naming import indicator_links
from yigongti.spine.county_rules import county_rules

TONES = {"stated": "good", "derived": "plain", "default": "warn"}
Row = dict[str, Any]


def rules(request: HttpRequest) -> HttpResponse:
    """Every rule of the county as it stands today; searched by words, capability and confidence."""
    wanted = {key: request.GET.get(key, "").strip() for key in ("q", "capability", "confidence")}
    rows = [row for row in map(_today, county_rules().rules.values()) if _is_wanted(row, **wanted)]
    capabilities = sorted({_capability(rule_id) for rule_id in county_rules().rules})
    return answer(
        request,
        "rulebook/rules.html",
        _table(rows),
        wanted=wanted,
        capabilities=[(name, _(CAPABILITIES.get(name, name))) for name in capabilities],
        confidences=[(name, _(label)) for name, label in CONFIDENCE_LABELS.items()],
        packs=county_rules().packs.values(),
        total=len(county_rules().rules),
    )


def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: what is in force today, its whole history by place, the clauses, and who uses it."""
    found = county_rules().rules.get(rule_id)
    if found is None:
        raise Http404(rule_id)
    using = [each.id for each in REGISTRY.indicators.values() if rule_id in (each.target, *each.rules)]
    context = {
        "rule": found,
        "today": found.in_force(on=clock.today()),
        "history": [_shown(version) for version in found.versions],
        "capability": _(CAPABILITIES.get(_capability(rule_id), "")),
        "indicators": indicator_links(using),
        "requirements": resting_on(rule_id),
    }
    return render(request, "rulebook/rule.html", context)


def _table(rows: list[Row]) -> Table:
    columns = (
        Column("label", _("规则"), link=lambda row: reverse("rule", args=[row["id"]])),
        Column("value", _("今天的值")),
        Column("due", _("期限")),
        Column("place", _("来自")),
        Column("source", _("依据"), show=lambda row: row["cited"]),
        Column("confidence_label", _("可信度"), tone=lambda row: TONES.get(row["confidence"], "none")),
    )
    return Table("rules", columns, rows, sort="label", empty=_("没有符合条件的规则。"))


def _today(found: Rule) -> Row:
    """A row for the list; a rule not in force today says so instead of showing an old value."""
    row: Row = {"id": found.id, "label": found.label, "capability": _capability(found.id)}
    version = found.in_force(on=clock.today())
    if version is None:
        nothing = dict.fromkeys(("due", "place", "source", "confidence_label"))
        return {**row, **nothing, "value": _("今天无效"), "confidence": "", "cited": ""}
    return {**row, **_shown(version)}


def _shown(version: RuleVersion) -> Row:
    return {
        "version": version,
        "value": version.text,
        "due": version.due,
        "place": county_rules().packs[version.pack].label,
        "source": version.source.text,
        "cited": f"{version.source.number or version.source.title} {version.source.clause}",
        "confidence": version.confidence,
        "confidence_label": _(CONFIDENCE_LABELS[version.confidence]),
        "tone": TONES[version.confidence],
    }


def _capability(rule_id: str) -> str:
    return rule_id.split(".", maxsplit=1)[0]


def _is_wanted(row: Row, *, q: str, capability: str, confidence: str) -> bool:
    words = f"{row['id']} {row['label']} {row['source'] or ''}".lower()
    return (
        all(word in words for word in q.lower().split())
        and capability in ("", row["capability"])
        and confidence in ("", row["confidence"])
    )
