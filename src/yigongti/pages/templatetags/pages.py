"""`{% load pages %}`: icons, numbers, charts, tables, chips and empty states."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yigongti.kernel.rules import SourceRef
from yigongti.pages import charts, numbers, tables
from yigongti.pages.menu import admits
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules

register = template.Library()

register.filter("yuan", numbers.yuan)


@register.filter
def shown(value: float | None, unit: str = "") -> str:
    """`{{ value|shown:"ratio" }}` → 35.2%."""
    return numbers.shown(value, unit=unit)


@register.filter
def bare(value: float | None, unit: str = "") -> str:
    """`{{ value|bare:"ratio" }}` → 35.2, where the unit stands elsewhere."""
    return numbers.bare(value, unit=unit)


@register.filter
def unit(name: str) -> str:
    """The name of a unit in the reader's language."""
    return numbers.unit_label(name)


@register.filter
def iso(day: date | None) -> str:
    """A day as 2025-07-31, the same in both languages."""
    return day.isoformat() if day else numbers.NONE


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "home" %}`: one of the icon sprite; with a label it speaks, without it is decoration."""
    return _drawn(name, label, static("vendor/icons.svg"))


@lru_cache(maxsize=1000)
def _drawn(name: str, label: str, sprite: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', spoken, sprite, name)


@register.simple_tag
def sparkline(values: Any, target: float | None = None, unit: str = "") -> SafeString:
    """`{% sparkline values target unit %}`."""
    return charts.sparkline(values, target=target, unit=unit)


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, name: str) -> bool:
    """`{% may_open "evaluation_freeze" as may_freeze %}`: whether the reader's roles admit them to a page."""
    return admits(name, scope_of(context["request"].user).roles)


@register.inclusion_tag("pages/chart.html")
def chart(drawn: charts.Chart) -> dict[str, object]:
    """A drawing with its figures as a table."""
    return {"chart": drawn}


@register.inclusion_tag("pages/map.html")
def plain_map(drawn: charts.Map) -> dict[str, object]:
    """Points at their coordinates on plain ground."""
    return {"map": drawn}


@register.inclusion_tag("pages/table.html")
def table(shown_table: tables.Table) -> dict[str, object]:
    """A sortable, paged, exportable table."""
    return {"table": shown_table}


@register.inclusion_tag("pages/empty.html")
def empty(heading: str, advice: str = "", address: str = "", action: str = "", picture: str = "") -> dict[str, object]:
    """What is said where there is nothing to show, and what to do about it."""
    return {"heading": heading, "advice": advice, "address": address, "action": action, "picture": picture}


@register.inclusion_tag("pages/clause.html")
def clause(source: SourceRef) -> dict[str, object]:
    """A chip naming the clause a number comes from; it opens the clause."""
    page = _address("document", source.doc)
    address = f"{page}#clause-{source.clause}" if page else ""
    return {"label": f"{source.number or source.title} {source.clause}", "title": source.text, "address": address}


@register.inclusion_tag("pages/clause.html")
def rule(rule_id: str, label: str = "", key: str = "") -> dict[str, object]:
    """A chip naming a rule (and the version used), by its label where Chinese is read and by its id otherwise; it opens
    the rule with its history and clauses, where the county has it."""
    shown, title = label or _called(rule_id), f"{rule_id} {key}".strip()
    known = rule_id in county_rules().rules
    return {"label": shown, "title": title, "address": _address("rule", rule_id) if known else ""}


def _called(rule_id: str) -> str:
    known = county_rules().rules.get(rule_id)
    return known.label if known and (get_language() or "zh").startswith("zh") else rule_id


def _address(name: str, argument: str) -> str:
    """The address of a page, or "" in a composition that has no such page."""
    try:
        return reverse(name, args=[argument])
    except NoReverseMatch:
        return ""
