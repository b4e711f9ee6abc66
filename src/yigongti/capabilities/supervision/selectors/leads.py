"""Leads in a list, one lead with its findings and evidence, the recovery ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.decisions.recovery import Entry
from yigongti.capabilities.supervision.facts.tables import SUSPECT
from yigongti.capabilities.supervision.models import Finding, Lead, RecoveryLine
from yigongti.capabilities.supervision.selectors.risk import leads
from yigongti.kernel.facts import COUNTY, FactTable, Kind
from yigongti.kernel.money import yuan
from yigongti.spine.audit import trail

MOST_SHOWN = 200
"""Findings that a lead's page shows; the rest are in the export."""


@dataclass(frozen=True)
class EvidenceTable:
    """Rows of one fact table that prove a finding: column labels, and cells as people read them."""

    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def listed(user: Any, *, detector: str = "", institution: str = "", state: str = "") -> QuerySet:
    """The leads somebody may see, narrowed, most money first."""
    chosen = {"detector": detector, "counterpart_id": institution, "state": state}
    rows = leads(user).filter(**{name: value for name, value in chosen.items() if value})
    return with_money(rows).select_related("counterpart")


def with_money(rows: QuerySet) -> QuerySet:
    """Leads with the sums of their recovery lines: judged, reduced, recovered, written_off, and outstanding."""
    sums = {str(entry): _sum(entry) for entry in Entry}
    outstanding = F("judged") - F("reduced") - F("recovered") - F("written_off")
    return rows.annotate(**sums).annotate(outstanding=outstanding)


def _sum(entry: Entry) -> Coalesce:
    return Coalesce(Sum("recovery__amount_fen", filter=Q(recovery__entry=entry)), 0)


def findings_of(lead: Lead) -> list[Finding]:
    """A lead's findings, first day first; at most MOST_SHOWN."""
    return list(lead.findings.order_by("day", "pk")[:MOST_SHOWN])


def read(lead: Lead, *, by: Any) -> None:
    """Record that somebody looked at a lead's evidence, which is part of people's records."""
    people = sorted({each for each in lead.findings.values_list("resident_id", flat=True) if each})
    if people:
        only = people[0] if len(people) == 1 else ""
        detail = {"residents": people} if len(people) > 1 else {}
        trail.record("read_lead", actor=by.username, subject=f"case:{lead.pk}", resident_id=only, detail=detail)


def evidence_tables(finding: Finding) -> list[EvidenceTable]:
    """A finding's evidence, a table for each fact table, with the columns that have anything to say."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for each in finding.evidence:
        by_table.setdefault(each["name"].partition(":")[0], []).append(each["row"])
    return [_table(name, rows) for name, rows in by_table.items()]


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> EvidenceTable:
    table = SUSPECT if name == "charge" else COUNTY[name]
    columns = [each for each in table.columns if any(row.get(each.name) not in (None, "", []) for row in rows)]
    cells = [[_cell(table, each.name, row.get(each.name)) for each in columns] for row in rows]
    return EvidenceTable(_(COUNTY[name].label), [_(each.label) for each in columns], cells)


def _cell(table: FactTable, name: str, value: Any) -> str:
    column = table[name]
    if value in (None, "", []):
        return "—"
    if column.kind is Kind.FEN:
        return yuan(int(value))
    if column.kind is Kind.FLAG:
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _(column.choices[value]) if value in column.choices else str(value)


def entries(user: Any, *, first: date | None = None, last: date | None = None) -> QuerySet:
    """The recovery lines of the leads somebody may see, latest first."""
    rows = RecoveryLine.objects.filter(lead__in=leads(user)).select_related("lead__counterpart", "by")
    if first:
        rows = rows.filter(at__date__gte=first)
    if last:
        rows = rows.filter(at__date__lte=last)
    return rows.order_by("-at", "-pk")
