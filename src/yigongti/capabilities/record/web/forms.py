"""What people fill in: whom they look for and why in an emergency; what a resident has consented to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class OnePersonForm(forms.Form):
    """One person, by what identifies them without doubt."""

    identifier = forms.CharField(
        label=_("证件号、电话或居民编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class EmergencyForm(OnePersonForm):
    """And the reason."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        help_text=_("写明抢救或处置的情形。您的姓名、时间和理由会通知本人和审计员。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("紧急查阅必须写明理由。")},
    )


class ConsentForm(OnePersonForm):
    """And to which of one's institutions, on what paper, until when."""

    institution_id = forms.ChoiceField(label=_("同意由哪家机构查阅"))
    evidence = forms.CharField(label=_("依据"), max_length=200, help_text=_("如知情同意书编号;由本人或监护人签字。"))
    ends_on = forms.DateField(
        label=_("有效期至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填则按规则的默认有效期。"),
    )

    def __init__(self, *arguments: Any, institutions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["institution_id"].choices = institutions
