"""The pages of booking and who they are for."""

from yigongti.capabilities.booking.decisions.life import BOOKERS, HOSTS
from yigongti.capabilities.booking.web import bookings, days, resources, search, waiting
from yigongti.capabilities.booking.web.rest import api as booking_api
from yigongti.kernel.roles import Role
from yigongti.pages import rest
from yigongti.pages.urls import api, page

EITHER = BOOKERS | HOSTS

urlpatterns = [
    api("api/booking/", rest.routes(booking_api), roles=EITHER | {Role.RESIDENT}),
    page("booking/", search.search, name="booking_search", roles=EITHER),
    page("booking/slots/<int:slot_id>/", search.book, name="booking_book", roles=BOOKERS),
    page("booking/day/", days.day, name="booking_day", roles=HOSTS),
    page("booking/waiting/", waiting.waiting_list, name="booking_waiting", roles=EITHER),
    page("booking/waiting/<slug:entry_id>/", waiting.one, name="booking_waits", roles=EITHER),
    page("booking/waiting/<slug:entry_id>/leave/", waiting.leave, name="booking_leave", roles=EITHER),
    page("booking/resources/", resources.resources, name="resources", roles=HOSTS),
    page("booking/resources/new/", resources.new, name="resource_new", roles=HOSTS),
    page("booking/resources/<slug:resource_id>/", resources.one, name="resource", roles=HOSTS),
    page("booking/resources/<slug:resource_id>/wait/", waiting.wait, name="booking_wait", roles=BOOKERS),
    page("booking/resources/<slug:resource_id>/open/", resources.open_ahead, name="resource_open", roles=HOSTS),
    page("booking/resources/<slug:resource_id>/usual/", resources.as_usual, name="resource_usual", roles=HOSTS),
    page("booking/templates/<int:template_id>/end/", resources.end_template, name="template_end", roles=HOSTS),
    page("booking/<slug:booking_id>/", bookings.one, name="booking", roles=EITHER),
    page("booking/<slug:booking_id>/move/", bookings.move, name="booking_move", roles=EITHER),
    page("booking/<slug:booking_id>/steps/<slug:name>/", bookings.step, name="booking_step", roles=EITHER),
]
