"""What residents fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.portal.selectors.people import attended_by, institutions
from yigongti.capabilities.portal.workflow import ABOUT

ID_NUMBER = r"^\s*\d{17}[\dXx]\s*$"


class CardForm(forms.Form):
    """Somebody's ID number."""

    id_number = forms.RegexField(
        ID_NUMBER, label=_("身份证号"), error_messages={"invalid": _("身份证号是 18 位。")},
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "maxlength": 18}),
    )  # fmt: skip

    def clean_id_number(self) -> str:
        return str(self.cleaned_data["id_number"]).strip().upper()


class CodeForm(forms.Form):
    """A one-time code."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$", label=_("短信验证码"), error_messages={"invalid": _("验证码是 6 位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}),
    )  # fmt: skip


class SeekForm(forms.Form):
    """What somebody would like to book."""

    kind = forms.ChoiceField(label=_("约什么"), required=False)
    within = forms.ChoiceField(
        label=_("离家多远"), required=False, choices=(("", _("不限")), ("5", "5 km"), ("10", "10 km"), ("20", "20 km"))
    )
    item = forms.CharField(label=_("科室或项目"), required=False, max_length=60)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = [kind for kind in booking.Kind if kind is not booking.Kind.OPERATION]
        _any(self, "kind").choices = [("", _now("全部")), *((kind.value, _now(kind.label)) for kind in kinds)]
        self.fields["item"].widget = forms.TextInput(attrs={"list": "items"})


class RatingForm(forms.Form):
    """Stars and a remark for one visit."""

    table = forms.CharField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput)
    stars = forms.TypedChoiceField(
        label=_("星级"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(number, "★" * number) for number in (5, 4, 3, 2, 1)],
    )
    remark = forms.CharField(label=_("意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ComplaintForm(forms.Form):
    """About whom, about what, and what happened."""

    institution = forms.ChoiceField(label=_("投诉哪家机构"))
    about = forms.ChoiceField(label=_("事由"))
    told = forms.CharField(label=_("情况说明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *arguments: Any, resident_id: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        blank = ("", _now("请选择"))
        groups = ((_now("为您服务过的"), attended_by(resident_id)), (_now("本县机构"), institutions()))
        _any(self, "institution").choices = [blank, *((label, rows) for label, rows in groups if rows)]
        _any(self, "about").choices = [blank, *((code, _now(label)) for code, label in ABOUT.items())]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


def _any(form: forms.Form, name: str) -> Any:
    """A field by name, as what it is."""
    return form.fields[name]
