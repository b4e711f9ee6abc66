"""Every URL of the product."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

_PAGES = [f"yigongti.capabilities.{name}.web" for name in settings.CAPABILITIES]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yigongti.spine.access.urls")),
    path("", include("yigongti.pages.work.urls")),
    path("", include("yigongti.exchange.web.urls")),
    path("", include("yigongti.site.rulebook.urls")),
    path("", include("yigongti.site.inbox.urls")),
    path("", include("yigongti.site.security.urls")),
    path("", include("yigongti.site.cockpit.urls")),
    *(path("", include(f"{pages}.urls")) for pages in _PAGES if find_spec(pages) and find_spec(f"{pages}.urls")),
]

handler403 = "yigongti.pages.failures.not_allowed"
handler404 = "yigongti.pages.failures.not_found"
handler500 = "yigongti.pages.failures.broken"
