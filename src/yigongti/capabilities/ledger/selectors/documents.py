"""Documents as people look for them: the list, one with its clauses, what waits for review, who sets what otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from yigongti.capabilities.ledger.decisions.citing import cited_clauses
from yigongti.capabilities.ledger.decisions.differences import Set, differences
from yigongti.capabilities.ledger.decisions.matching import Candidate, Suggestion, reduced, suggest
from yigongti.capabilities.ledger.decisions.terms import terms_of
from yigongti.capabilities.ledger.models import Clause, PolicyDocument, Target, Verdict
from yigongti.capabilities.ledger.selectors.wording import wanted
from yigongti.kernel.errors import Refusal
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import DEFAULT_POLICY, Coverage, read_coverage
from yigongti.kernel.rules import Document as CitedDocument
from yigongti.spine.county_rules import county_rules

STANDING = ("confirmed", "in_force")
"""States of a document that counts."""


@dataclass(frozen=True)
class Difference:
    """The targets of several documents that set the same thing differently, nearest level first."""

    indicator: str
    phrase: str
    targets: Sequence[Target]


def documents() -> QuerySet[PolicyDocument]:
    """Every document with how many clauses, targets and open tasks it has."""
    targets = Count("clauses__targets", filter=Q(clauses__targets__verdict=Verdict.CONFIRMED), distinct=True)
    unread = Count("clauses__targets", filter=Q(clauses__targets__verdict=Verdict.UNREAD), distinct=True)
    open_ones = Count("clauses__tasks", filter=Q(clauses__tasks__closed_at__isnull=True), distinct=True)
    every = Count("clauses__tasks", distinct=True)
    found = PolicyDocument.objects.annotate(targets=targets, unread=unread, open_tasks=open_ones, all_tasks=every)
    return found.defer("file__reading").order_by("-issued_on", "-opened_at")


def document_or_404(key: str) -> PolicyDocument:
    """One document with its file's name.  Raises Http404."""
    found: PolicyDocument | None = PolicyDocument.objects.filter(pk=key).first()
    if found is None:
        raise Http404(f"no policy document {key}")
    return found


def clauses_of(document: PolicyDocument) -> QuerySet[Clause]:
    """A document's clauses with their units and targets."""
    ordered = Prefetch("targets", Target.objects.order_by("place"))
    return document.clauses.prefetch_related("units", ordered, "tasks").order_by("place")


def suggestions(target: Target) -> list[Suggestion]:
    """The indicators that could measure a target, best first; by its quote where its phrase says too little."""
    try:
        unit = terms_of(target.value, target.unit, per=target.per, phrase=target.phrase).unit
    except Refusal:
        unit = ""
    found = suggest(target.phrase, candidates(), unit=unit)
    return found or suggest(target.quote, candidates(), unit=unit)


def different() -> list[Difference]:
    """What documents that stand set differently."""
    standing = Target.objects.filter(verdict=Verdict.CONFIRMED, clause__document__state__in=STANDING)
    rows = {row.pk: row for row in standing.select_related("clause__document")}
    return [
        Difference(same[0].indicator, same[0].phrase, [rows[each.target_id] for each in same])
        for same in differences(_set(row) for row in rows.values())
    ]


def requirements(document: PolicyDocument) -> Mapping[str, list[Coverage]]:
    """Clause id → the requirements registered for that clause, with what serves them; {} for other documents."""
    known = registered(document)
    if known is None:
        return {}
    every = [row for row in _coverage() if row.doc == known.id]
    cited = citations(document, known)
    return {key: [row for row in every if clause in row.clauses] for key, clause in cited.items()}


def citations(document: PolicyDocument, known: CitedDocument) -> Mapping[str, str]:
    """Clause id → the registered clause that it is, for those that have one."""
    numbers = dict(document.clauses.values_list("pk", "number"))
    cited = cited_clauses(numbers.values(), known.clauses)
    return {key: cited[number] for key, number in numbers.items() if number in cited}


def workflows() -> list[tuple[str, str]]:
    """Id and label of every workflow whose cases may count as progress."""
    ours = ("policy_document", "policy_task")
    return [(each.id, each.label) for each in REGISTRY.workflows.values() if each.id not in ours]


def candidates() -> list[Candidate]:
    """The county's indicators as the matcher takes them."""
    return [Candidate(each.id, each.label, each.definition, each.unit) for each in REGISTRY.indicators.values()]


@cache
def _coverage() -> tuple[Coverage, ...]:
    return tuple(read_coverage(DEFAULT_POLICY).values())


def registered(document: PolicyDocument) -> CitedDocument | None:
    """The document of the rules' sources that this is: by its number, or by its title where it has none."""
    for each in county_rules().documents.values():
        if (each.number == document.number) if document.number else _same_title(each.title, document.title):
            return each
    return None


def _same_title(registered: str, title: str) -> bool:
    return registered in title or title in registered or reduced(registered) in reduced(title)


def _set(row: Target) -> Set:
    document = row.clause.document
    return Set(row.pk, document.pk, document.level, document.issued_on, row.indicator, row.phrase, wanted(row), row.due)
