"""Decisions about a record: what of an identity is shown, and how old a person is."""
