"""Pages of referral: proposing, the desk, handing over, and what they add to a case's page."""
