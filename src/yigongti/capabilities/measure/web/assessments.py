"""Qualitative indicators: graded by item, with evidence."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.measure.facts.tables import GRADES
from yigongti.capabilities.measure.models import Assessment, Level
from yigongti.capabilities.measure.selectors import seats
from yigongti.capabilities.measure.selectors.figures import label_of
from yigongti.capabilities.measure.services.attending import assess
from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import may

TONE = {"implemented": "good", "written": "warn", "none": "bad"}


class AssessmentForm(forms.Form):
    """One item of one indicator at one consortium."""

    consortium_id = forms.ChoiceField(label=gettext_lazy("医共体"))
    indicator = forms.ChoiceField(label=gettext_lazy("指标"))
    item = forms.CharField(label=gettext_lazy("评判要点"), max_length=100, help_text=gettext_lazy("如:人事统一管理"))
    grade = forms.ChoiceField(label=gettext_lazy("等级"))
    evidence = forms.CharField(label=gettext_lazy("佐证"), widget=forms.Textarea(attrs={"rows": 3}))
    day = forms.DateField(
        label=gettext_lazy("评判日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = {
            "consortium_id": sorted(seats.names(Level.CONSORTIUM, None).items()),
            "indicator": [
                (key, label_of(each)) for key, each in REGISTRY.indicators.items() if each.kind == "qualitative"
            ],
            "grade": [(key, _(label)) for key, label in GRADES.items()],
        }
        for name, options_ in choices.items():
            field: Any = self.fields[name]
            field.choices = options_


def listed(request: HttpRequest) -> HttpResponseBase:
    """Every assessment one may see, the latest first."""
    groups = seats.view_of(request.user).groups[Level.CONSORTIUM]
    rows = Assessment.objects.select_related("by")
    called = seats.names(Level.CONSORTIUM, groups)
    columns = (
        Column("day", _("评判日期")),
        Column("consortium_id", _("医共体"), value=lambda row: called.get(row.consortium_id, row.consortium_id)),
        Column("indicator", _("指标"), value=lambda row: label_of(REGISTRY.indicators[row.indicator])),
        Column("item", _("评判要点")),
        Column("grade", _("等级"), value=lambda row: _(GRADES[row.grade]), tone=lambda row: TONE[row.grade]),
        Column("evidence", _("佐证"), order=None),
        Column("by", _("评判人"), value=lambda row: row.by.display_name, order=None),
    )
    shown = rows if groups is None else rows.filter(consortium_id__in=sorted(groups))
    table = Table("assessments", columns, shown, sort="-day", empty=_("还没有定性评判"))
    form = AssessmentForm(initial={"day": clock.today()}) if may(request.user, ["bureau"]) else None
    return answer(request, "measure/assessments.html", table, form=form)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Write an assessment down."""
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        table = Table("assessments", (), [])
        return answer(request, "measure/assessments.html", table, form=form)
    assess(**form.cleaned_data, by=request.user)
    messages.success(request, _("已记录;重新计算后进入指标值"))
    return redirect("assessments")
