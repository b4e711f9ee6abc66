"""The pages of fund supervision and who they are for."""

from yigongti.capabilities.supervision.web import boards, detectors, inspections, leads, recovery, rule_base
from yigongti.capabilities.supervision.workflow import INSPECTORS, READERS
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

OVERSEERS = INSPECTORS | {Role.AUDITOR}

urlpatterns = [
    page("supervision/", boards.board, name="supervision", roles=READERS),
    page("supervision/sweep/", boards.sweep_now, name="supervision_sweep", roles=INSPECTORS),
    page("supervision/detectors/", detectors.listed, name="detectors", roles=READERS),
    page("supervision/detectors/<slug:key>/", detectors.one, name="detector", roles=READERS),
    page("supervision/leads/", leads.listed, name="leads", roles=READERS),
    page("supervision/recovery/", recovery.ledger, name="recovery", roles=READERS),
    page("supervision/rules/", rule_base.listed, name="rule_base", roles=OVERSEERS),
    page("supervision/rules/import/", rule_base.upload, name="rule_base_import", roles=INSPECTORS),
    page("supervision/inspections/", inspections.listed, name="inspections", roles=OVERSEERS),
    page("supervision/inspections/draw/", inspections.draw, name="inspection_draw", roles=INSPECTORS),
    page("supervision/inspections/<slug:key>/", inspections.one, name="inspection", roles=OVERSEERS),
]
