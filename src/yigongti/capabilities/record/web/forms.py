"""What people fill in: whom they look for, and why they have to look in an emergency."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EmergencyForm(forms.Form):
    """One person, by what identifies them without doubt, and the reason."""

    identifier = forms.CharField(
        label=_("证件号、电话或居民编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        help_text=_("写明抢救或处置的情形。您的姓名、时间和理由会通知本人和审计员。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("紧急查阅必须写明理由。")},
    )
