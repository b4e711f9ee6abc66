"""The views of loads and of the quarantine."""
