"""Where the derived pages stand, and who they are for."""

from yigongti.kernel.roles import Role
from yigongti.pages import rest
from yigongti.pages.urls import EVERYBODY, STAFF, page
from yigongti.pages.urls import api as rest_api
from yigongti.pages.work import cases, lists, opening, outbox, statistics
from yigongti.pages.work.api import api

urlpatterns = [
    rest_api("api/work/", rest.routes(api), roles=EVERYBODY),
    page("work/", lists.work, name="work", roles=STAFF),
    page("outbox/", outbox.outbox, name="outbox", roles={Role.ADMIN}),
    page("outbox/again/", outbox.again, name="outbox_again", roles={Role.ADMIN}),
    page("work/statistics/", statistics.statistics, name="work_statistics", roles=STAFF),
    page("work/new/<slug:workflow_id>/", opening.new, name="work_new", roles=EVERYBODY),
    page("work/<slug:case_id>/", cases.one, name="work_case", roles=EVERYBODY),
    page("work/<slug:case_id>/steps/<slug:name>/", cases.step, name="work_step", roles=EVERYBODY),
]
