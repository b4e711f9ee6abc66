"""What screening reads besides the county's facts: the limits of the rule base, and charge lines worth a look."""
