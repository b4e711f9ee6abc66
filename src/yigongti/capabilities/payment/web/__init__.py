"""The pages of payment."""
