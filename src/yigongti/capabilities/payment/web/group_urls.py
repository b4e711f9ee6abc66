"""The pages of groups: the coder's desk and the dashboards of DRG and DIP, and whom they are for."""

from yigongti.capabilities.payment.web import coding, groups
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

READERS = {Role.INSURER, Role.BUREAU, Role.MANAGER, Role.AUDITOR}
CODERS = {Role.INSURER, Role.BUREAU, Role.MANAGER, Role.CLINICIAN}

GROUPS = [
    page("groups/", groups.dashboard, name="groups", roles=READERS),
    page("groups/figures/<slug:key>/", groups.figure, name="group_figure", roles=READERS),
    page("groups/lines/", groups.lines, name="group_lines", roles=READERS),
    page("groups/rows/", groups.rows, name="group_rows", roles=READERS),
    page("coding/", coding.desk, name="coding", roles=CODERS),
]
