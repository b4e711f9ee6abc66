"""`{% load measure %}`: where an indicator's definition comes from."""

from django import template

from yigongti.kernel.rules import SourceRef
from yigongti.pages.templatetags.pages import clause, rule
from yigongti.spine.county_rules import county_rules

register = template.Library()


@register.inclusion_tag("pages/clause.html")
def source_chip(source: str) -> dict[str, object]:
    """“document clause” as a chip that opens the document; as plain text where the county's packs lack it."""
    name, _space, number = source.partition(" ")
    document = county_rules().documents.get(name)
    if document is None or number not in document.clauses:
        return {"label": source, "title": source, "address": ""}
    heading = document.clauses[number].heading
    return clause(SourceRef(document.id, number, heading, document.title, document.number))


@register.inclusion_tag("pages/clause.html")
def rule_chip(rule_id: str) -> dict[str, object]:
    """A rule by its label as a chip that opens it; by its id where the county's packs lack it."""
    known = county_rules().rules.get(rule_id)
    return rule(rule_id, known.label if known else "")
