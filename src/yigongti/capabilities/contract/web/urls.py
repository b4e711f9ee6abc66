"""The pages of contracts and who they are for."""

from yigongti.capabilities.contract.services.issuing import ISSUERS
from yigongti.capabilities.contract.services.packages import KEEPERS as PACKAGE_KEEPERS
from yigongti.capabilities.contract.services.teams import KEEPERS as TEAM_KEEPERS
from yigongti.capabilities.contract.web import fees, held, issuing, items, packages, people, signing, teams
from yigongti.capabilities.contract.workflow import TEAM
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

READERS = TEAM | {Role.MANAGER, Role.BUREAU}
PAYERS = {Role.FAMILY_DOCTOR, Role.MANAGER, Role.BUREAU, Role.INSURER, Role.AUDITOR}
EVERY_READER = READERS | PAYERS

urlpatterns = [
    page("contracts/", people.listed, name="contracts", roles=READERS),
    page("contracts/due/", items.due, name="contract_due", roles=READERS),
    page("contracts/costs/", people.costs, name="contract_costs", roles=READERS),
    page("contracts/referred/", people.referrals, name="contract_referred", roles=READERS),
    page("contracts/new/", signing.new, name="contract_new", roles=TEAM),
    page("contracts/items/<int:key>/", items.enter, name="contract_item", roles=TEAM),
    page("contracts/held/<str:key>/", held.one, name="contract_held", roles=READERS),
    page("contracts/teams/", teams.listed, name="teams", roles=EVERY_READER),
    page("contracts/teams/new/", teams.new, name="team_new", roles=TEAM_KEEPERS),
    page("contracts/teams/<str:key>/", teams.one, name="team", roles=EVERY_READER),
    page("contracts/teams/<str:key>/join/", teams.join, name="team_join", roles=TEAM_KEEPERS),
    page("contracts/teams/<str:key>/leave/", teams.leave, name="team_leave", roles=TEAM_KEEPERS),
    page("contracts/teams/<str:key>/close/", teams.close, name="team_close", roles=TEAM_KEEPERS),
    page("contracts/packages/", packages.listed, name="packages", roles=EVERY_READER),
    page("contracts/packages/<slug:code>/", packages.one, name="package", roles=EVERY_READER),
    page("contracts/packages/<slug:code>/edit/", packages.edit, name="package_edit", roles=PACKAGE_KEEPERS),
    page("contracts/fees/", fees.listed, name="contract_fees", roles=PAYERS),
    page("contracts/fees/issue/", issuing.issue, name="contract_fees_issue", roles=ISSUERS),
    page("contracts/fees/correct/<str:key>/", issuing.correct, name="contract_fee_correct", roles=ISSUERS),
    page("contracts/fees/<str:key>/", fees.one, name="contract_fee", roles=PAYERS),
]
