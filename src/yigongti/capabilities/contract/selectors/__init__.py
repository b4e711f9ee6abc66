"""Contracts as people look for them."""
