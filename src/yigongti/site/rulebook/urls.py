"""Where the pages of the rules stand."""

from yigongti.pages.urls import STAFF, page
from yigongti.site.rulebook import views

urlpatterns = [
    page("rules/", views.rules, name="rules", roles=STAFF),
    page("rules/<str:rule_id>/", views.rule, name="rule", roles=STAFF),
    page("documents/", views.documents, name="documents", roles=STAFF),
    page("documents/<str:doc>/", views.document, name="document", roles=STAFF),
    page("coverage/", views.coverage_page, name="coverage", roles=STAFF),
]
