"""Where the pages of rules, documents and requirements stand."""

from yigongti.pages.urls import STAFF, page
from yigongti.site.rulebook.views.documents import document, documents
from yigongti.site.rulebook.views.requirements import coverage_page, requirement
from yigongti.site.rulebook.views.rules import rule, rules

urlpatterns = [
    page("rules/", rules, name="rules", roles=STAFF),
    page("rules/<str:rule_id>/", rule, name="rule", roles=STAFF),
    page("documents/", documents, name="documents", roles=STAFF),
    page("documents/<str:doc>/", document, name="document", roles=STAFF),
    page("coverage/", coverage_page, name="coverage", roles=STAFF),
    page("coverage/<str:name>/", requirement, name="requirement", roles=STAFF),
]
