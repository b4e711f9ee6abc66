"""What happens to people in care: stays, visits, what is ordered, prescribed and charged, referrals, follow-ups."""
