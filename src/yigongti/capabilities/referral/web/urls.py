"""Where the pages of referral stand, and who they are for."""

from yigongti.capabilities.referral.selectors.figures import READERS
from yigongti.capabilities.referral.web import desk, handover, propose, statistics
from yigongti.capabilities.referral.workflow import DESK, PROPOSERS
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page

SENDERS = PROPOSERS | DESK

urlpatterns = [
    page("referrals/", desk.desk, name="referral_desk", roles=SENDERS | {Role.MANAGER}),
    page("referrals/new/", propose.new, name="referral_new", roles=SENDERS),
    page("referrals/check/", propose.check, name="referral_check", roles=SENDERS),
    page("referrals/statistics/", statistics.statistics, name="referral_statistics", roles=READERS),
    page("referrals/<slug:case_id>/handover/", handover.handover, name="referral_handover", roles=READERS),
]
