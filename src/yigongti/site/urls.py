"""Every URL of the product."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yigongti.spine.access.urls")),
    path("", include("yigongti.exchange.web.urls")),
    path("", include("yigongti.site.rulebook.urls")),
    path("", include("yigongti.site.inbox.urls")),
    path("", include("yigongti.site.security.urls")),
    path("", include("yigongti.site.cockpit.urls")),
    path("", include("yigongti.capabilities.ledger.web.urls")),
    path("", include("yigongti.capabilities.measure.web.urls")),
    path("", include("yigongti.capabilities.record.web.urls")),
    path("", include("yigongti.capabilities.registry.web.urls")),
]

handler403 = "yigongti.pages.failures.not_allowed"
handler404 = "yigongti.pages.failures.not_found"
handler500 = "yigongti.pages.failures.broken"
