"""Commands of referral: propose, accept with a booking, hand back, expire, link to stays."""
