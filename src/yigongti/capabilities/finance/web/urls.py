"""Where the pages of the consortium's money stand."""

from yigongti.capabilities.finance.web import overview, pool, sharings, statements
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

READERS = {Role.BUREAU, Role.MANAGER, Role.INSURER, Role.AUDITOR}
MANAGERS = {Role.BUREAU, Role.MANAGER}

urlpatterns = [
    page("finance/", overview.finance, name="finance", roles=READERS),
    page("finance/pool/", pool.pool, name="finance_pool", roles=READERS),
    page("finance/pool/in/", pool.money_in, name="finance_pool_in", roles=MANAGERS),
    page("finance/pool/costs/", pool.centre_cost, name="finance_centre_cost", roles=MANAGERS),
    page("finance/sharings/", sharings.sharings, name="finance_sharings", roles=READERS),
    page("finance/sharings/new/", sharings.new, name="finance_new", roles=MANAGERS),
    page("finance/sharings/<str:run_id>/", sharings.sharing, name="finance_sharing", roles=READERS),
    page("finance/sharings/<str:run_id>/post/", sharings.post_run, name="finance_post", roles=MANAGERS),
    page("finance/sharings/<str:run_id>/back/", sharings.back, name="finance_back", roles=MANAGERS),
    page("finance/statements/<str:institution_id>/", statements.statement, name="finance_statement", roles=READERS),
]
