"""Sign in and out, the second factor, the language switch."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yigongti.spine.access import second_factor
from yigongti.spine.access.middleware import LANGUAGE
from yigongti.spine.audit import trail


class SignInForm(AuthenticationForm):
    """Login name and password; what is wrong is told without saying which."""

    error_messages = {
        "invalid_login": _("登录名或密码不正确。连续多次输错后账号会暂时锁定。"),
        "inactive": _("这个账号已停用,请联系系统管理员。"),
    }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["username"].label = _("登录名")
        self.fields["password"].label = _("密码")


class CodeForm(forms.Form):
    """The six digits of the second factor."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("动态码"),
        error_messages={"invalid": _("动态码是 6 位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class SignIn(views.LoginView):
    """Signing in, audited."""

    template_name = "access/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        trail.record("sign_in", actor=self.request.user.username)
        return response


class SignOut(views.LogoutView):
    """Signing out, audited."""

    next_page = "login"

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        trail.record("sign_out", actor=request.user.username)
        response: HttpResponse = super().post(request, *arguments, **named)
        return response


class ChangePassword(views.PasswordChangeView):
    """Changing one's own password, audited."""

    template_name = "access/password.html"
    success_url = settings.LOGIN_REDIRECT_URL

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        trail.record("change_password", actor=self.request.user.username)
        return response


def verify_second_factor(request: HttpRequest) -> HttpResponse:
    """Asks for the code after the password, then goes on to `next`."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.verify(request, code=form.cleaned_data["code"]):
            return redirect(_next(request))
        form.add_error("code", _("动态码不正确或已用过,请等下一个动态码再试。"))
    return render(request, "access/second_factor.html", {"form": form, "next": _next(request)})


def enrol_second_factor(request: HttpRequest) -> HttpResponse:
    """Shows the secret as a QR code and asks for a first code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.confirm(request, code=form.cleaned_data["code"]):
            return redirect(settings.LOGIN_REDIRECT_URL)
        form.add_error("code", _("动态码不正确,请核对手机时间后再试。"))
    device = second_factor.new_device(request.user)
    shown = {"form": form, "image": second_factor.qr_code(device), "secret": second_factor.secret_text(device)}
    return render(request, "access/enrol.html", shown)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language in the session and goes back to where one was."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        request.session[LANGUAGE] = language
    return redirect(_next(request))


def locked_out(request: HttpRequest, credentials: object = None, *arguments: Any, **options: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords (named in settings for django-axes)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "access/locked.html", {"minutes": minutes}, status=429)


def _next(request: HttpRequest) -> str:
    """Where to go on to: the `next` given, where it is on this site."""
    target = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else str(settings.LOGIN_REDIRECT_URL)
