"""The first page."""

from yigongti.pages.urls import EVERYBODY, page
from yigongti.site.cockpit.views import cockpit

urlpatterns = [page("", cockpit, name="cockpit", roles=EVERYBODY)]
