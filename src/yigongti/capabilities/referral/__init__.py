"""Two-way referral: up, treated, handed back, followed up; a closed loop."""
