"""Joint inspections by double lot: drawing, the lots that were drawn, and drawing again to prove one."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.supervision.models import Inspection
from yigongti.capabilities.supervision.services.inspections import PER_INSTITUTION, draw_inspection, is_reproduced
from yigongti.capabilities.supervision.workflow import INSPECTORS
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts.county import INSTITUTION_KINDS
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import accounts_at
from yigongti.spine.county_rules import county_rules

LONGEST_SEED = 64


class DrawForm(forms.Form):
    """What a lot is drawn from."""

    title = forms.CharField(label=gettext_lazy("抽查名称"), max_length=120)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("机构类别"), required=False, widget=forms.SelectMultiple({"size": 8})
    )
    count = forms.IntegerField(label=gettext_lazy("抽取机构数"), min_value=1, initial=3)
    inspectors = forms.CharField(
        label=gettext_lazy("检查人员名单"), widget=forms.Textarea({"rows": 4}), help_text=gettext_lazy("一行一人")
    )
    seed = forms.CharField(
        label=gettext_lazy("随机种子"), required=False, max_length=LONGEST_SEED,
        help_text=gettext_lazy("留空由系统随机产生;结果可凭种子重现"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds: Any = self.fields["kinds"]
        kinds.choices = [(name, _(label)) for name, label in INSTITUTION_KINDS.items() if name not in OUTSIDE]


OUTSIDE = ("city_hospital", "provincial_hospital", "cdc")
"""Kinds of institution that are never inspected by the county."""


def listed(request: HttpRequest) -> HttpResponse:
    """The lots that were drawn, and the form for the next."""
    people = User.objects.filter(pk__in=accounts_at(None, roles=INSPECTORS)).order_by("display_name")
    names = "\n".join(dict.fromkeys(people.values_list("display_name", flat=True)))
    context = {
        "inspections": Inspection.objects.prefetch_related("drawn__institution")[:50],
        "form": DrawForm(initial={"inspectors": names}),
        "rule": county_rules().find(PER_INSTITUTION, on=clock.today()),
    }
    return render(request, "supervision/inspections.html", context)


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a lot and show it."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        wrong = [f"{form.fields[name].label}:{''.join(texts)}" for name, texts in form.errors.items()]
        raise Refusal(_("有的内容没有填好"), where=";".join(wrong), remedy=_("请改正后再抽取"))
    said = form.cleaned_data
    kept = draw_inspection(
        said["title"], kinds=said["kinds"], inspectors=said["inspectors"].splitlines(), count=said["count"],
        seed=said["seed"], by=request.user, at=clock.now(),
    )  # fmt: skip
    return redirect("inspection", kept.pk)


def one(request: HttpRequest, key: str) -> HttpResponse:
    """One lot: the institutions and inspectors drawn, and whether the seed gives them again."""
    found = Inspection.objects.filter(pk=key).select_related("by").prefetch_related("drawn__institution").first()
    if found is None:
        raise Http404("no such inspection")
    context = {"inspection": found, "is_reproduced": is_reproduced(found)}
    return render(request, "supervision/inspection.html", context)
