"""For whom a page is opened, and how a refusal reads on it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yigongti.capabilities.portal.selectors.people import Member, members
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.records import open_person

CHOSEN = "portal_person"
LARGE = "portal_large_type"
View = Callable[..., HttpResponse]


def kindly(view: View) -> View:
    """A refusal is a page of the portal's own that says why and what to do."""

    @wraps(view)
    def answered(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *arguments, **named)
        except Refusal as refusal:
            status = 403 if isinstance(refusal, NotAllowed) else 409
            return page(request, "portal/refused.html", {"refusal": refusal}, status=status)
        except Http404:
            return page(request, "portal/refused.html", {"refusal": _not_there()}, status=404)

    return answered


def _not_there() -> Refusal:
    return Refusal(_("没有找到这一项"), why=_("可能已经结束,或不属于您和您的家人"), remedy=_("请返回首页再进入"))


def chosen(request: Any) -> str:
    """The person whose care is looked after now: oneself, or the relative chosen before as long as they agree.

    Raises Refusal for an account that is no resident's.
    """
    wanted, own = request.session.get(CHOSEN), request.user.resident_id
    if not own:
        raise Refusal("这个账号没有对应的居民", why="居民服务按居民本人开通", remedy="请用身份证号登录")
    if wanted and any(each.resident_id == wanted for each in members(request.user)):
        return str(wanted)
    return str(own)


def opened(request: Any, *, purpose: str) -> str:
    """The chosen person's id; that they are looked at is audited.  Raises Http404 where consent has ended."""
    resident_id = chosen(request)
    open_person(request.user, resident_id=resident_id, purpose=purpose)
    return resident_id


def page(request: Any, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """A page with what every page of the portal has: the family, who is chosen, and how large the type is."""
    surroundings: dict[str, Any] = {"large": request.session.get(LARGE, False)}
    if request.user.is_authenticated and request.user.resident_id:
        surroundings |= _family(request)
    return render(request, template, {**surroundings, **(context or {})}, status=status)


def _family(request: Any) -> dict[str, Any]:
    family = members(request.user)
    wanted = chosen(request)
    person: Member | None = next((each for each in family if each.resident_id == wanted), None)
    return {"family": family, "person": person}
