"""Booking's judgements, pure: what a day's slots are, what is kept for referrals, who may book, who comes next."""
