"""The pages of measuring and who they are for."""

from yigongti.capabilities.measure.web import assessments, evaluations, indicators, sources, warnings
from yigongti.kernel.roles import Role
from yigongti.pages.urls import STAFF, page

EVALUATORS = {Role.BUREAU}
WATCHERS = {Role.BUREAU, Role.MANAGER, Role.INSURER, Role.CDC, Role.AUDITOR}
READERS = {Role.BUREAU, Role.INSURER, Role.MANAGER, Role.AUDITOR}

urlpatterns = [
    page("indicators/", indicators.catalogue, name="indicators", roles=STAFF),
    page("indicators/<slug:key>/", indicators.one, name="indicator", roles=STAFF),
    page("indicators/<slug:key>/months/", indicators.months, name="indicator_months", roles=STAFF),
    page("indicators/<slug:key>/source/", sources.source, name="indicator_source", roles=STAFF),
    page("indicators/<slug:key>/rows/", sources.rows, name="indicator_rows", roles=READERS),
    page("evaluations/", evaluations.listed, name="evaluations", roles=STAFF),
    page("evaluations/compute/", evaluations.compute, name="evaluation_compute", roles=EVALUATORS),
    page("evaluations/refresh/", evaluations.refresh, name="evaluation_refresh", roles=EVALUATORS),
    page("evaluations/<slug:key>/", evaluations.one, name="evaluation", roles=STAFF),
    page("evaluations/<slug:key>/freeze/", evaluations.freeze, name="evaluation_freeze", roles=EVALUATORS),
    page("evaluations/<slug:key>/discard/", evaluations.discard, name="evaluation_discard", roles=EVALUATORS),
    page("evaluations/<slug:key>/reproduce/", evaluations.reproduce, name="evaluation_reproduce", roles=EVALUATORS),
    page("warnings/", warnings.listed, name="warnings", roles=STAFF),
    page("warnings/<int:key>/", warnings.one, name="warning", roles=STAFF),
    page("warnings/<int:key>/acknowledge/", warnings.acknowledge, name="warning_acknowledge", roles=WATCHERS),
    page("assessments/", assessments.listed, name="assessments", roles=STAFF),
    page("assessments/add/", assessments.add, name="assessment_add", roles=EVALUATORS),
]
