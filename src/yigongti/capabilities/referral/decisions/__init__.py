"""Judgement of referrals: whether the criteria are met, who may send whom where, which stay a referral led to."""
