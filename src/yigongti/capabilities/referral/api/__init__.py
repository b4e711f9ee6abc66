"""The one door of referral for other capabilities and the site.

for each in referrals_of("R1"): each.state_label, each.appointment_at
propose(Proposal(…), by=user, at=now, request_id=…)
"""

from datetime import datetime

from yigongti.capabilities.referral.selectors.referrals import Referred, referrals_of
from yigongti.capabilities.referral.services.expiring import expire_overdue
from yigongti.capabilities.referral.services.linking import link_stays
from yigongti.capabilities.referral.services.proposing import Handover, Proposal, propose
from yigongti.kernel.clock import day_of

__all__ = ["Handover", "Proposal", "Referred", "end_overdue", "link", "propose", "referrals_of"]


def end_overdue(*, at: datetime) -> int:
    """End the referrals that nobody answered and those whose patient did not come; returns how many.  A job."""
    return expire_overdue(at=at)


def link(*, at: datetime) -> int:
    """Join referrals to the stays they led to, after live facts have reached the lake; returns how many.  A job."""
    return link_stays(on=day_of(at))
