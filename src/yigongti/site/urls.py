"""Every URL of the product."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from yigongti.pages.urls import Audience, page

urlpatterns: list[URLPattern | URLResolver] = [
    page("language/", set_language, name="language", roles=Audience.ANYONE),
]

handler403 = "yigongti.pages.failures.not_allowed"
handler404 = "yigongti.pages.failures.not_found"
handler500 = "yigongti.pages.failures.broken"
