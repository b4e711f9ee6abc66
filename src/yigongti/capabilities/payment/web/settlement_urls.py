"""The pages of settlement and whom they are for: a manager sees the lines of his own institutions."""

from yigongti.capabilities.payment.web import budgets, lines, months, special, statements, whatif, workbench
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

READERS = {Role.INSURER, Role.BUREAU, Role.MANAGER, Role.AUDITOR}
PLANNERS = {Role.INSURER, Role.BUREAU}
SETTLERS = {Role.INSURER}
APPLICANTS = {Role.MANAGER}
RUN = "settlement/runs/<slug:key>"

SETTLEMENT = [
    page("settlement/", workbench.year, name="settlements", roles=READERS),
    page("settlement/compute/", workbench.compute, name="settlement_compute", roles=SETTLERS),
    page(f"{RUN}/", workbench.one, name="settlement", roles=READERS),
    page(f"{RUN}/clear/", workbench.clear, name="settlement_clear", roles=SETTLERS),
    page(f"{RUN}/reproduce/", workbench.reproduce, name="settlement_reproduce", roles=READERS),
    page(f"{RUN}/difference/", workbench.difference, name="settlement_difference", roles=READERS),
    page(f"{RUN}/pools/<int:pool>/", lines.pool, name="settlement_pool", roles=READERS),
    page(f"{RUN}/lines/<int:line>/", lines.line, name="settlement_line", roles=READERS),
    page(f"{RUN}/lines/<int:line>/cases/", lines.cases, name="settlement_cases", roles=READERS),
    page(f"{RUN}/lines/<int:line>/cases/<str:stay>/", lines.case, name="settlement_case", roles=READERS),
    page(f"{RUN}/statements/<str:institution>/", statements.statement, name="settlement_statement", roles=READERS),
    page("settlement/what-if/", whatif.whatif, name="settlement_whatif", roles=PLANNERS),
    page("settlement/months/", months.listed, name="settlement_months", roles=READERS),
    page("settlement/months/settle/", months.settle, name="settlement_month_settle", roles=SETTLERS),
    page("settlement/months/<int:key>/", months.one, name="settlement_month", roles=READERS),
    page("settlement/budgets/", budgets.listed, name="settlement_budgets", roles=READERS - {Role.MANAGER}),
    page("settlement/budgets/compose/", budgets.compose, name="settlement_compose", roles=SETTLERS),
    page("settlement/special/", special.listed, name="special_cases", roles=READERS),
    page("settlement/special/apply/", special.apply, name="special_case_apply", roles=APPLICANTS),
]
