"""What is done to one confirmed target: written as a rule of the county, taken back, measured by another indicator."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.ledger.models import Target
from yigongti.capabilities.ledger.services.measuring import measure_by
from yigongti.capabilities.ledger.services.rule_ending import take_back
from yigongti.capabilities.ledger.services.rule_writing import Written, write_rule
from yigongti.capabilities.ledger.web.forms import MeasureForm, ReasonForm, RuleForm, unfilled
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.county_rules import county_rules


@require_POST
def rule(request: HttpRequest, key: str) -> HttpResponseBase:
    """Write a target as a rule of the county."""
    found, form = _target_or_404(key), RuleForm(request.POST)
    with _refusals_told(request):
        _must_be_filled(form)
        _say(request, write_rule(found, by=request.user, at=clock.now(), **form.cleaned_data))
    return _back(found)


@require_POST
def rule_end(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take back the rule that was written from a target."""
    found, form = _target_or_404(key), ReasonForm(request.POST)
    with _refusals_told(request):
        _must_be_filled(form)
        take_back(found, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        messages.success(request, _("已收回规则 %(rule)s") % {"rule": found.rule_id})
    return _back(found)


@require_POST
def measure(request: HttpRequest, key: str) -> HttpResponseBase:
    """Choose what measures a target, and where it stood at the start."""
    found = _target_or_404(key)
    form = MeasureForm(request.POST, target=found)
    with _refusals_told(request):
        _must_be_filled(form)
        measure_by(found, by=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("已更改测量方式"))
    task = found.clause.tasks.order_by("-opened_at").first()
    return redirect("policy_task", task.pk) if task else _back(found)


@contextmanager
def _refusals_told(request: HttpRequest) -> Iterator[None]:
    """What a rule refuses is said on the page that the person comes back to; who may not act at all is refused."""
    try:
        yield
    except NotAllowed:
        raise
    except Refusal as refused:
        messages.error(request, str(refused))


def _must_be_filled(form: forms.Form) -> None:
    if not form.is_valid():
        raise unfilled(form)


def rule_choices() -> list[tuple[str, str]]:
    """Id and label of the rules that hold targets, for a target that no indicator measures."""
    return sorted((key, each.label) for key, each in county_rules().rules.items() if ".target." in key)


def _say(request: HttpRequest, written: Written) -> None:
    text = _("已写成规则 %(rule)s:%(text)s") % {"rule": written.rule_id, "text": written.text}
    messages.success(request, text)
    if holds := written.holds:
        said = {"text": holds.text, "day": holds.effective_from, "source": holds.source.number or holds.source.title}
        messages.warning(request, _("今天适用的仍是 %(text)s(%(source)s,自 %(day)s 起)") % said)


def _back(found: Target) -> HttpResponseBase:
    return redirect(f"{reverse('policy_document', args=[found.clause.document_id])}#clause-{found.clause_id}")


def _target_or_404(key: str) -> Target:
    found: Target | None = Target.objects.filter(pk=key).select_related("clause__document").first()
    if found is None:
        raise Http404("no such target")
    return found
