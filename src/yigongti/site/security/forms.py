"""The forms of the administrator's and the auditor's pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.utils.translation import gettext_lazy as _

from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Reach
from yigongti.spine.choices import labelled
from yigongti.spine.places.models import Institution

TOKEN_DAYS = ((30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("365 天")))


class NewAccount(forms.Form):
    """An account: its login name, whose it is, its first password."""

    username = UsernameField(label=_("登录名"), max_length=64)
    display_name = forms.CharField(label=_("姓名"), max_length=100)
    password = forms.CharField(label=_("初始密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    staff_id = forms.CharField(label=_("人员编号"), required=False, max_length=64)
    resident_id = forms.CharField(label=_("居民编号"), required=False, max_length=64)


class NewRole(forms.Form):
    """A role of an account, and how far it reaches."""

    role = forms.ChoiceField(label=_("角色"), choices=labelled(Role))
    reach = forms.ChoiceField(label=_("范围"), choices=labelled(Reach))
    institution = forms.ModelChoiceField(
        Institution.objects.order_by("name"), label=_("机构"), required=False, empty_label=_("全县")
    )


class NewPassword(forms.Form):
    """A new password, given by an administrator."""

    password = forms.CharField(label=_("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class NewToken(forms.Form):
    """A token: for which system, for how long."""

    label = forms.CharField(label=_("给哪个系统用"), max_length=100)
    days = forms.TypedChoiceField(label=_("有效期"), coerce=int, choices=TOKEN_DAYS, initial=90)


class OwnToken(NewToken):
    """A token of one's own account; the password keeps a window left open from giving one away."""

    password = forms.CharField(
        label=_("当前密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *arguments: Any, user: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("密码不正确"))
        return ""


class Sought(forms.Form):
    """What an auditor looks for; everything may be left empty."""

    actor = forms.CharField(label=_("操作者"), required=False)
    resident_id = forms.CharField(label=_("居民编号"), required=False)
    action = forms.CharField(label=_("操作"), required=False)
    since = forms.DateField(
        label=_("起"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
