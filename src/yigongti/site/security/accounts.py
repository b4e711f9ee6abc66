"""The administrator's pages: accounts, what each may do, passwords, second factors."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import Role
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.security import tokens
from yigongti.site.security.forms import NewAccount, NewPassword, NewRole, NewToken
from yigongti.spine.access import administration
from yigongti.spine.access import tokens as store
from yigongti.spine.access.models import Reach, User


def accounts(request: Any) -> HttpResponse:
    """All accounts, searched by name; a form for a new one."""
    form = NewAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = administration.create_account(by=request.user.username, **_filled(form.cleaned_data))
            return redirect("account", made.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    sought = request.GET.get("q", "").strip()
    found = User.objects.prefetch_related("assignments").order_by("username")
    if sought:
        found = found.filter(Q(username__icontains=sought) | Q(display_name__icontains=sought))
    table = Table("accounts", _COLUMNS, rows=found, sort="username", empty=str(_("没有这样的账号")))
    return answer(request, "security/accounts.html", table, form=form, sought=sought)


_COLUMNS = (
    Column("username", _("登录名"), link=lambda user: reverse("account", args=[user.pk])),
    Column("display_name", _("姓名")),
    Column("roles", _("角色"), value=lambda user: "、".join(_roles(user)), order=None),
    Column("is_active", _("状态"), value=lambda user: str(_("正常") if user.is_active else _("停用"))),
    Column("last_login", _("上次登录")),
)


def account(request: Any, account_id: int) -> HttpResponse:
    """One account: its roles, and the commands on it."""
    user = get_object_or_404(User, pk=account_id)
    issued = None
    if request.POST.get("do") == "issue":
        issued = _issued(request, user)
    elif request.method == "POST":
        _obey(request, user)
        return redirect("account", account_id)
    given = user.assignments.select_related("institution").order_by("role", "pk")
    shown = [(each, Role(each.role).label, Reach(each.reach).label) for each in given]
    forms = {"role_form": NewRole(), "password_form": NewPassword(), "token_form": NewToken()}
    held = {"tokens": store.tokens_of(user, at=clock.now()), "issued": issued}
    response = render(request, "security/account.html", {"account": user, "assignments": shown, **held, **forms})
    response["Cache-Control"] = "no-store"
    return response


def _issued(request: Any, user: User) -> store.Issued | None:
    """A new token of the account, to be shown in this answer alone; None, and told, where it is refused."""
    form = NewToken(request.POST)
    try:
        if form.is_valid():
            return tokens.issue(form.cleaned_data, user=user, by=request.user.username)
        raise Refusal("请写明令牌给哪个系统用,并选择有效期", where="接口令牌")
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="danger")
    return None


def _obey(request: Any, user: User) -> None:
    """Do what the button said, and tell how it went."""
    command = _COMMANDS.get(request.POST.get("do", ""))
    if command is None:
        return
    try:
        command(request, user)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="danger")
    else:
        messages.success(request, _("已完成"))


def _grant(request: Any, user: User) -> None:
    form = NewRole(request.POST)
    if not form.is_valid():
        raise Refusal("没有这样的角色、范围或机构", remedy="请从列表中选择")
    filled = form.cleaned_data
    institution_id = filled["institution"].pk if filled["institution"] else None
    administration.grant(
        user, role=Role(filled["role"]), reach=Reach(filled["reach"]), institution_id=institution_id,
        by=request.user.username,
    )  # fmt: skip


def _withdraw(request: Any, user: User) -> None:
    key = request.POST.get("assignment", "")
    given = user.assignments.filter(pk=key).first() if key.isdecimal() else None
    if given is None:
        raise Refusal("这项授权已不存在", remedy="请刷新页面")
    administration.withdraw(given, by=request.user.username)


def _password(request: Any, user: User) -> None:
    administration.set_password(user, password=request.POST.get("password", ""), by=request.user.username)


_COMMANDS: Mapping[str, Callable[[Any, User], None]] = {
    "grant": _grant,
    "withdraw": _withdraw,
    "password": _password,
    "forget": lambda request, user: administration.forget_second_factor(user, by=request.user.username),
    "off": lambda request, user: administration.switch_off(user, by=request.user.username),
    tokens.REVOKE: tokens.revoke,
    "on": lambda request, user: administration.switch_on(user, by=request.user.username),
}


def _roles(user: User) -> list[str]:
    return sorted({Role(each.role).label for each in user.assignments.all()})


def _filled(cleaned: Mapping[str, str]) -> dict[str, Any]:
    return {name: value or None for name, value in cleaned.items()}
