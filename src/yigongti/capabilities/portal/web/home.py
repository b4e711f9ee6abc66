"""The portal's first page, its messages, and what makes it installable."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.contract import api as contract
from yigongti.capabilities.portal.web.asking import opened, page
from yigongti.capabilities.referral import api as referral
from yigongti.kernel import clock
from yigongti.spine.notices import inbox

MESSAGES = 30
SHELL = ("portal/portal.css", "portal/portal.js", "pages/mark.svg", "vendor/icons.svg")
"""What every page needs besides itself; kept on the phone."""


def home(request: Any) -> HttpResponse:
    """What comes next: bookings, referrals under way, the contract, unread messages."""
    resident_id = opened(request, purpose="portal")
    coming = [each for each in booking.bookings_of(resident_id) if each.is_open]
    context = {
        "coming": sorted(coming, key=lambda each: each.begins)[:3],
        "referrals": [each for each in referral.referrals_of(resident_id) if each.closed_at is None][:2],
        "contract": contract.valid(resident_id),
        "unread": inbox.unread_count(request.user.pk),
    }
    return page(request, "portal/home.html", context)


def more(request: Any) -> HttpResponse:
    """Everything else that the portal does."""
    return page(request, "portal/more.html")


def messages(request: Any) -> HttpResponse:
    """One's latest notices; posting marks them as read."""
    if request.method == "POST":
        inbox.mark_read(request.user.pk, at=clock.now())
        return redirect("portal_messages")
    return page(request, "portal/messages.html", {"notices": inbox.inbox(request.user.pk)[:MESSAGES]})


def manifest(request: Any) -> HttpResponse:
    """What a phone needs to put the portal on its home screen."""
    icons = [
        {"src": static(f"portal/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    said = {
        "name": _("居民健康服务"), "short_name": _("居民服务"), "lang": request.LANGUAGE_CODE,
        "start_url": reverse("portal"), "scope": reverse("portal"), "display": "standalone",
        "background_color": "#f4f6f8", "theme_color": "#0b7285", "icons": icons,
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


def worker(request: Any) -> HttpResponse:
    """The service worker: keeps the shell and the offline page, and nothing about anybody."""
    script = Path(str(finders.find("portal/worker.js"))).read_text(encoding="utf-8")
    kept = [reverse("portal_offline"), *(static(name) for name in SHELL)]
    lines = ",\n".join(f"  {address!r}" for address in kept)
    response = HttpResponse(script.replace("/* KEPT */", lines), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def offline(request: Any) -> HttpResponse:
    """What is shown where there is no line."""
    return page(request, "portal/offline.html")
