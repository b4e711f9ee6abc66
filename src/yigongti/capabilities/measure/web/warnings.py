"""Early warnings: the list with filters, one warning, and what is done about it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.measure.decisions import KindOfWarning
from yigongti.capabilities.measure.models import Level, Run
from yigongti.capabilities.measure.selectors import figures, seats, watch
from yigongti.capabilities.measure.selectors.watch import Watched
from yigongti.capabilities.measure.services.attending import acknowledge as acknowledge_warning
from yigongti.capabilities.measure.web.asking import run_or_404
from yigongti.pages.tables import Column, Table, answer


class NoteForm(forms.Form):
    """What is done about a warning."""

    note = forms.CharField(
        label=gettext_lazy("处置措施"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写明谁在何时做什么"),
    )


def listed(request: HttpRequest) -> HttpResponseBase:
    """The warnings of the everyday results, or of the run that the address names."""
    run = _run(request)
    if run is None:
        return render(request, "measure/nothing_yet.html", {})
    every = watch.ordered(watch.watched(watch.visible_warnings(run, seats.view_of(request.user))))
    columns = (
        Column("severity", _("程度"), tone=lambda each: each.tone, order=None),
        Column("name", _("对象")),
        Column("label", _("指标"), link=_address),
        Column("kind", _("类别")),
        Column("text", _("内容"), order=None),
        Column("clause", _("条款"), value=lambda each: each.stored.clause, order=None),
        Column("handled", _("处置"), value=_handling, order=None),
    )
    table = Table(
        "warnings", columns, [each for each in every if _wanted(each, request)], empty=_("没有符合条件的预警")
    )
    kinds = [(kind.value, _(kind.label)) for kind in KindOfWarning if any(each.stored.kind == kind for each in every)]
    levels = [(level.value, _(level.label)) for level in Level if any(each.stored.level == level for each in every)]
    return answer(request, "measure/warnings.html", table, run=run, levels=levels, kinds=kinds, total=len(every))


def one(request: HttpRequest, key: int) -> HttpResponseBase:
    """One warning: what, compared with what, by which clause, and the form to say what is done about it."""
    watched, run = _watched(request, key)
    note = watched.handled.note if watched.handled else ""
    context = {"watched": watched, "run": run, "form": NoteForm(initial={"note": note})}
    return render(request, "measure/warning.html", context)


@require_POST
def acknowledge(request: HttpRequest, key: int) -> HttpResponse:
    """Write down what is done about a warning."""
    watched, _run_of = _watched(request, key)
    acknowledge_warning(watched.stored, note=request.POST.get("note", ""), by=request.user)
    messages.success(request, _("已签收"))
    return redirect("warning", key)


def _run(request: HttpRequest) -> Run | None:
    key = request.GET.get("run", "")
    return run_or_404(key) if key else figures.latest_run()


def _watched(request: HttpRequest, key: int) -> tuple[Watched, Run]:
    run = Run.objects.defer(*figures.HEAVY).filter(warnings__pk=key).first()
    if run is None:
        raise Http404(f"no warning {key}")
    return watch.one(run, key, seats.view_of(request.user)), run


def _wanted(each: Watched, request: HttpRequest) -> bool:
    asked = request.GET
    words = f"{each.name} {each.label} {each.text}".lower()
    handled = {"yes": each.handled is not None, "no": each.handled is None}.get(asked.get("handled", ""), True)
    return (
        asked.get("severity", "") in ("", each.stored.severity)
        and asked.get("level", "") in ("", each.stored.level)
        and asked.get("kind", "") in ("", each.stored.kind)
        and handled
        and asked.get("q", "").strip().lower() in words
    )


def _handling(each: Watched) -> str:
    return each.handled.note if each.handled else _("未签收")


def _address(each: Watched) -> str:
    return reverse("warning", args=[each.stored.pk])
