"""Where the inbox stands."""

from yigongti.pages.urls import Audience, page
from yigongti.site.inbox import views

urlpatterns = [
    page("inbox/", views.inbox, name="inbox", roles=Audience.SIGNED_IN),
    page("inbox/read/", views.read_all, name="inbox_read", roles=Audience.SIGNED_IN),
    page("inbox/<int:notice_id>/", views.open_notice, name="notice", roles=Audience.SIGNED_IN),
]
