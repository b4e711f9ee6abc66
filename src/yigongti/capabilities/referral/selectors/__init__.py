"""Queries of referral."""
