"""Where the pages of institutions and villages stand."""

from yigongti.capabilities.registry.web import institutions, villages
from yigongti.pages.urls import STAFF, page

urlpatterns = [
    page("institutions/", institutions.institutions, name="institutions", roles=STAFF),
    page("institutions/incomplete/", institutions.incomplete, name="incomplete_institutions", roles=STAFF),
    page("institutions/<str:institution_id>/", institutions.institution, name="institution", roles=STAFF),
    page("villages/", villages.villages, name="villages", roles=STAFF),
]
