"""The review of a draft: its text at the left with the readings marked, one card a reading at the right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.ledger.models import Clause, ClauseUnit, PolicyDocument, Target, Verdict
from yigongti.capabilities.ledger.selectors import documents
from yigongti.capabilities.ledger.selectors.wording import indicator_label, wanted
from yigongti.capabilities.ledger.services import reviewing
from yigongti.capabilities.ledger.services.reviewing import Outdated
from yigongti.capabilities.ledger.web.forms import ClauseForm, HeadingForm, TargetForm, unfilled
from yigongti.capabilities.ledger.web.marking import Piece, pieces
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal


@dataclass(frozen=True)
class Card:
    """One reading to decide on: a clause with its units (target None), or a target."""

    clause: Clause
    target: Target | None = None

    @property
    def key(self) -> str:
        return self.target.pk if self.target else self.clause.pk

    @property
    def address(self) -> str:
        """Where its fields come from and its verdict goes."""
        return reverse("policy_target" if self.target else "policy_clause", args=[self.key])

    @property
    def seen(self) -> str:
        """When it was last decided on, as this card shows it."""
        decided_at = (self.target or self.clause).decided_at
        return decided_at.isoformat() if decided_at else ""

    @property
    def units(self) -> Sequence[ClauseUnit]:
        return list(self.clause.units.all())

    @property
    def read_as(self) -> str:
        """What the machine read, where a person made something else of it."""
        if self.target is None or not (said := self.target.reading):
            return ""
        read = Target(
            **{name: said.get(name) for name in ("comparator", "value", "upper", "unit")}, per=said.get("per", "")
        )
        told = f"{said['indicator']} {wanted(read)} {said['due'] or ''}".strip()
        return "" if told == f"{self.target.phrase} {self.wanted} {self.target.due}".strip() else told

    @property
    def verdict(self) -> str:
        return str(self.target.verdict if self.target else self.clause.verdict)

    @property
    def verdict_label(self) -> str:
        return _(Verdict(self.verdict).label)

    @property
    def tone(self) -> str:
        if self.verdict == Verdict.UNREAD:
            return "warn" if self.target and self.target.unsure else "plain"
        return "good" if self.verdict == Verdict.CONFIRMED else "none"

    @property
    def wanted(self) -> str:
        return wanted(self.target) if self.target else ""

    @property
    def indicator_label(self) -> str:
        return indicator_label(self.target.indicator) if self.target and self.target.indicator else ""


@dataclass(frozen=True)
class Shown:
    """A clause of the text, cut at the readings marked in it."""

    clause: Clause
    pieces: Sequence[Piece]


def review(request: HttpRequest, key: str) -> HttpResponseBase:
    """The review page of a draft; a document that is past it goes to its own page."""
    document = documents.document_or_404(key)
    if document.state != "draft":
        return redirect("policy_document", key)
    clauses = list(documents.clauses_of(document))
    cards = _cards(clauses)
    context = {
        "document": document,
        "passages": [_shown(clause) for clause in clauses],
        "cards": cards,
        "left": _left(document),
        "heading_form": HeadingForm(document=document),
    }
    return render(request, "ledger/review.html", context)


def target(request: HttpRequest, key: str) -> HttpResponseBase:
    """One target: its fields to edit (GET), or the verdict on it (POST) and its card anew."""
    found = Target.objects.filter(pk=key).select_related("clause__document").first()
    if found is None:
        raise Http404("no such target")
    if request.method != "POST":
        return render(request, "ledger/fields.html", {"form": TargetForm(target=found, auto_id=f"id_{key}_%s")})
    found.decided_at = _seen(request)
    try:
        _judge(found, request)
    except Outdated as notice:
        found.refresh_from_db()
        return _card(request, Card(found.clause, found), notice=notice)
    return _card(request, Card(found.clause, found))


def _judge(found: Target, request: HttpRequest) -> None:
    by, at = request.user, clock.now()
    if request.POST.get("do") == "reject":
        reviewing.decide_target(found, Verdict.REJECTED, by=by, at=at)
    elif "phrase" in request.POST:
        form = TargetForm(request.POST, target=found)
        if not form.is_valid():
            raise unfilled(form)
        reviewing.correct_target(found, form.values, by=by, at=at)
    else:
        reviewing.decide_target(found, Verdict.CONFIRMED, by=by, at=at)


def clause(request: HttpRequest, key: str) -> HttpResponseBase:
    """One clause: its fields to edit (GET), or the verdict on it (POST) and its card anew."""
    found = _clause_or_404(key)
    if request.method != "POST":
        return render(request, "ledger/fields.html", {"form": ClauseForm(clause=found, auto_id=f"id_{key}_%s")})
    values = reviewing.as_it_stands(found)
    if request.POST.get("do") == "reject":
        values = replace(values, is_task=False)
    elif "lead" in request.POST:
        form = ClauseForm(request.POST, clause=found)
        if not form.is_valid():
            raise unfilled(form)
        values = form.values
    found.decided_at = _seen(request)
    try:
        reviewing.decide_clause(found, values, by=request.user, at=clock.now())
    except Outdated as notice:
        return _card(request, Card(_clause_or_404(key)), notice=notice)
    return _card(request, Card(_clause_or_404(key)))


def missed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Add a target that the reader missed: its fields (GET), or its card (POST)."""
    found = _clause_or_404(key)
    if request.method != "POST":
        form = TargetForm(initial={"quote": request.GET.get("quote", "")}, auto_id=f"id_new_{key}_%s")
        return render(request, "ledger/missed.html", {"form": form, "clause": found})
    form = TargetForm(request.POST)
    if not form.is_valid():
        raise unfilled(form)
    added = reviewing.add_target(found, form.values, by=request.user, at=clock.now())
    return _card(request, Card(found, added))


@require_POST
def certain(request: HttpRequest, key: str) -> HttpResponseBase:
    """Confirm everything of which the reader was certain."""
    document = documents.document_or_404(key)
    count = reviewing.confirm_certain(document, by=request.user, at=clock.now())
    messages.success(request, _("已确认 %(count)s 项;存疑的仍需逐条核对。") % {"count": count})
    return redirect("policy_review", key)


@require_POST
def describe(request: HttpRequest, key: str) -> HttpResponseBase:
    """Correct what a document is."""
    document = documents.document_or_404(key)
    form = HeadingForm(request.POST, document=document)
    if not form.is_valid():
        raise unfilled(form)
    reviewing.describe_document(document, form.values, by=request.user, at=clock.now())
    return redirect("policy_review", key)


def _cards(clauses: Sequence[Clause]) -> list[Card]:
    """The unsure readings first; then clause by clause, each before its targets."""
    every = [(clause, each) for clause in clauses for each in clause.targets.all()]
    unsure = [Card(clause, each) for clause, each in every if each.unsure]
    rest = [
        card
        for clause in clauses
        for card in (Card(clause), *(Card(clause, each) for each in clause.targets.all() if not each.unsure))
    ]
    return unsure + rest


def _shown(clause: Clause) -> Shown:
    return Shown(clause, pieces(clause.text, list(clause.targets.all())))


def _seen(request: HttpRequest) -> datetime | None:
    """When the reading had been decided on last, as the person saw it."""
    text = request.POST.get("seen", "")
    return datetime.fromisoformat(text) if text else None


def _card(request: HttpRequest, card: Card, *, notice: Refusal | None = None) -> HttpResponseBase:
    """The card anew, with what is left to do; a corrected or added target is marked anew in the text as well."""
    shown = _shown(card.clause) if "phrase" in request.POST else None
    context = {"card": card, "left": _left(card.clause.document), "shown": shown, "notice": notice, "is_answer": True}
    return render(request, "ledger/card.html", context)


def _left(document: PolicyDocument) -> int:
    targets = Target.objects.filter(clause__document=document, verdict=Verdict.UNREAD).count()
    return int(targets + document.clauses.filter(verdict=Verdict.UNREAD).count())


def _clause_or_404(key: str) -> Clause:
    found: Clause | None = Clause.objects.filter(pk=key).select_related("document").prefetch_related("units").first()
    if found is None:
        raise Http404("no such clause")
    return found
