"""Every failure is a page (for htmx a fragment) that says what, where, why and what to do."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yigongti.kernel.errors import NotAllowed, Refusal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """What the page says; the same shape as a refusal."""

    status: int
    heading: str
    what: str
    where: str = ""
    why: str = ""
    remedy: str = ""


class Refusals:
    """Middleware: a `Refusal` raised in a view becomes a page (409, or 403 for `NotAllowed`) with its reasons."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this with what a view raised; anything but a refusal or a busy store goes on to the 500 page."""
        if isinstance(error, OperationalError) and "locked" in str(error):
            return busy(request)
        if not isinstance(error, Refusal):
            return None
        status = 403 if isinstance(error, NotAllowed) else 409
        return shown(request, Failure(status, _("未能完成"), error.what, error.where, error.why, error.remedy))


def shown(request: HttpRequest, failure: Failure) -> HttpResponse:
    """The page of a failure; for htmx only its inner part."""
    fragment = request.headers.get("HX-Request") == "true"
    template = "pages/failure_inner.html" if fragment else "pages/failure.html"
    return render(request, template, {"failure": failure}, status=failure.status)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    remedy = _("如确需使用,请联系本单位管理员调整岗位授权")
    return shown(request, Failure(403, _("无权访问"), _("您的岗位不能打开这一页"), remedy=remedy))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: what is not there and what is outside one's scope look the same."""
    what = _("没有这一页,或它不在您的管辖范围内")
    return shown(request, Failure(404, _("找不到"), what, where=request.path, remedy=_("请从左侧菜单重新进入")))


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: uses no data and no session, for these may be what is broken."""
    heading, remedy = _("系统出错"), _("已记入日志;请稍后重试,仍不行请把时间告诉管理员")
    failure = Failure(500, heading, _("这一页没能生成,数据没有改变"), where=request.path, remedy=remedy)
    return render(None, "pages/failure_bare.html", {"failure": failure}, status=500)


def busy(request: HttpRequest) -> HttpResponse:
    """SQLite has one writer at a time, and a large load holds it for long: nothing was changed, and it passes."""
    what, why = _("数据库正被一次装载占用"), _("SQLite 同一时间只能有一方写入;看档案要留痕,也算写入")
    remedy = _("请稍后再试;常有大批装载的县请改用 PostgreSQL")
    failure = Failure(503, _("请稍候"), what, where=request.path, why=why, remedy=remedy)
    return render(None, "pages/failure_bare.html", {"failure": failure}, status=503)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form's token is missing or old."""
    log.info("CSRF check failed: %s", reason)
    remedy = _("请返回上一页,刷新后重新提交")
    return shown(request, Failure(403, _("表单已过期"), _("为防止冒名提交,这次提交没有被接受"), remedy=remedy))
