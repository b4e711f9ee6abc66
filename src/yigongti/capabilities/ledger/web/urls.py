"""The pages of the ledger and who they are for."""

from yigongti.capabilities.ledger.web import boards, documents, reports, review, targets, tasks
from yigongti.capabilities.ledger.workflow import DOERS, KEEPERS
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

FOLLOWERS = DOERS | {Role.AUDITOR}

urlpatterns = [
    page("ledger/", boards.board, name="ledger", roles=FOLLOWERS),
    page("ledger/calendar/", boards.calendar, name="ledger_calendar", roles=FOLLOWERS),
    page("ledger/overdue/", boards.overdue, name="ledger_overdue", roles=FOLLOWERS),
    page("ledger/unit/", boards.unit, name="ledger_unit", roles=FOLLOWERS),
    page("ledger/differences/", documents.differences, name="ledger_differences", roles=FOLLOWERS),
    page("ledger/tasks/<slug:key>/", tasks.one, name="policy_task", roles=FOLLOWERS),
    page("ledger/tasks/<slug:key>/step/", tasks.step, name="policy_task_step", roles=DOERS),
    page("ledger/tasks/<slug:key>/services/", tasks.services, name="policy_task_services", roles=KEEPERS),
    page("ledger/evidence/<slug:key>/", tasks.evidence, name="ledger_evidence", roles=FOLLOWERS),
    page("ledger/documents/", documents.listed, name="policy_documents", roles=FOLLOWERS),
    page("ledger/documents/import/", documents.upload, name="policy_import", roles=KEEPERS),
    page("ledger/documents/<slug:key>/", documents.one, name="policy_document", roles=FOLLOWERS),
    page("ledger/documents/<slug:key>/step/", documents.step, name="policy_document_step", roles=KEEPERS),
    page("ledger/documents/<slug:key>/original/", documents.original, name="policy_original", roles=FOLLOWERS),
    page("ledger/documents/<slug:key>/coverage/", documents.coverage, name="policy_coverage", roles=FOLLOWERS),
    page("ledger/documents/<slug:key>/report/", reports.report, name="policy_report", roles=FOLLOWERS),
    page("ledger/documents/<slug:key>/review/", review.review, name="policy_review", roles=KEEPERS),
    page("ledger/documents/<slug:key>/certain/", review.certain, name="policy_certain", roles=KEEPERS),
    page("ledger/documents/<slug:key>/describe/", review.describe, name="policy_describe", roles=KEEPERS),
    page("ledger/clauses/<slug:key>/", review.clause, name="policy_clause", roles=KEEPERS),
    page("ledger/clauses/<slug:key>/targets/", review.missed, name="policy_missed", roles=KEEPERS),
    page("ledger/targets/<slug:key>/", review.target, name="policy_target", roles=KEEPERS),
    page("ledger/targets/<slug:key>/measure/", targets.measure, name="policy_measure", roles=KEEPERS),
    page("ledger/targets/<slug:key>/rule/", targets.rule, name="policy_rule", roles=KEEPERS),
    page("ledger/targets/<slug:key>/rule/end/", targets.rule_end, name="policy_rule_end", roles=KEEPERS),
]
