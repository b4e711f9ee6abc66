"""What people fill in to look for a slot, to book it, and to keep schedules."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Kind
from yigongti.kernel import clock
from yigongti.pages.work.people import meant
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution

WEEKDAYS = (
    (1, _("周一")),
    (2, _("周二")),
    (3, _("周三")),
    (4, _("周四")),
    (5, _("周五")),
    (6, _("周六")),
    (7, _("周日")),
)
DISTANCES = (("", _("不限")), ("5", "5 km"), ("10", "10 km"), ("20", "20 km"), ("50", "50 km"))
AHEAD, LONGEST = 14, 92
"""Days that a search looks through, usually and at most."""


class DayField(forms.DateField):
    """A day, picked or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TimeField(forms.TimeField):
    """A time of day, picked or typed."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SearchForm(forms.Form):
    """What is looked for; read from the address, so that a search can be kept as a bookmark."""

    kind = forms.ChoiceField(label=_("种类"), required=False)
    item = forms.CharField(label=_("项目"), required=False, max_length=60)
    source = forms.ChoiceField(label=_("预约途径"), required=False)
    near = forms.ModelChoiceField(label=_("从哪里出发"), queryset=Institution.objects.none(), required=False)
    within = forms.ChoiceField(label=_("距离"), choices=DISTANCES, required=False)
    first = DayField(label=_("从"), required=False)
    last = DayField(label=_("到"), required=False)

    def __init__(self, *arguments: Any, items: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        _any(self, "kind").choices = [("", _now("全部")), *((kind.value, _now(kind.label)) for kind in Kind)]
        sources = (Source.DOCTOR, Source.REFERRAL)
        _any(self, "source").choices = [(source.value, _now(source.label)) for source in sources]
        here = Institution.objects.filter(in_county=True, lon__isnull=False, closed_on__isnull=True)
        _any(self, "near").queryset = here.order_by("kind", "name")
        _any(self, "near").empty_label = _now("不限")
        self.fields["item"].widget = forms.TextInput(attrs={"list": "items"})
        self.items = items

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("within") and not said.get("near"):
            self.add_error("near", _now("限定了距离,请选择从哪里出发"))
        first, last = self.days
        if not 0 <= (last - first).days <= LONGEST:
            self.add_error("last", _now("结束日期不能早于开始日期,也不能晚于其后 %(days)s 天") % {"days": LONGEST})
        return said

    @property
    def days(self) -> tuple[date, date]:
        """The days looked through: by default the coming fortnight."""
        first = self.cleaned_data.get("first") or clock.today()
        return first, self.cleaned_data.get("last") or first + timedelta(days=AHEAD)


class BookForm(forms.Form):
    """For whom, and through what."""

    person = forms.CharField(
        label=_("居民"), max_length=100, help_text=_("身份证号、手机号或居民编号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    case_id = forms.CharField(label=_("转诊事项编号"), required=False, max_length=26,
                              help_text=_("填写后按转诊预约,可用预留名额"))  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *arguments: Any, user: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.user = user

    def clean_person(self) -> str:
        return meant(self.cleaned_data["person"].strip(), user=self.user)


class WaitForm(BookForm):
    """For whom, through what, and on which days a seat would do."""

    earliest = DayField(label=_("最早哪天"))
    latest = DayField(label=_("最晚哪天"))
    field_order = ("person", "earliest", "latest", "case_id")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["case_id"].help_text = _now("填写后按转诊候补,按规则优先")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class ResourceForm(forms.Form):
    """A new resource."""

    kind = forms.ChoiceField(label=_("种类"))
    item = forms.CharField(label=_("项目"), max_length=60, help_text=_("如 CT、MRI、心血管内科"))
    name = forms.CharField(label=_("名称"), max_length=100)
    institution = forms.ModelChoiceField(label=_("机构"), queryset=Institution.objects.none())

    def __init__(self, *arguments: Any, user: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        scope = scope_of(user)
        here = Institution.objects.filter(in_county=True, closed_on__isnull=True)
        reached = here if scope.whole_county else here.filter(pk__in=scope.institution_ids)
        _any(self, "institution").queryset = reached.order_by("name")
        _any(self, "kind").choices = [(kind.value, _now(kind.label)) for kind in Kind]


class HoursForm(forms.Form):
    """From when to when, in slots of how long, each of how many seats."""

    begins = TimeField(label=_("开始"))
    ends = TimeField(label=_("结束"))
    minutes = forms.IntegerField(label=_("每个时段分钟数"), min_value=5, max_value=1440)
    seats = forms.IntegerField(label=_("每个时段名额"), min_value=1, max_value=500)

    @property
    def session(self) -> Session:
        """What was filled in.  Call after is_valid."""
        return Session(*(self.cleaned_data[name] for name in ("begins", "ends", "minutes", "seats")))


class TemplateForm(HoursForm):
    """A weekly session."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    from_on = DayField(label=_("从哪天起"))
    field_order = ("weekdays", "begins", "ends", "minutes", "seats", "from_on")


class ExceptionForm(HoursForm):
    """A day that is otherwise: closed where no hours are given."""

    day = DayField(label=_("日期"))
    reason = forms.CharField(label=_("原因"), max_length=100)
    field_order = ("day", "reason", "begins", "ends", "minutes", "seats")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in HoursForm.base_fields:
            self.fields[name].required = False
        self.fields["begins"].help_text = _now("全天停诊则时间都不填")

    def clean(self) -> dict[str, Any]:
        filled = [name for name in HoursForm.base_fields if self.cleaned_data.get(name) is not None]
        if filled and len(filled) < len(HoursForm.base_fields):
            raise forms.ValidationError(_now("开始、结束、分钟数和名额要一起填写,或都不填"))
        return self.cleaned_data

    @property
    def hours(self) -> Session | None:
        """The day's session; None where it is closed."""
        return self.session if self.cleaned_data.get("begins") is not None else None


def _any(form: forms.Form, name: str) -> Any:
    """A field by name, as what it is."""
    return form.fields[name]
