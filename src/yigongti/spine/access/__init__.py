"""Accounts, roles, scopes, relationship, consent, break-glass; default deny."""
