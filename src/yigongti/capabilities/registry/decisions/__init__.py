"""Decisions about coverage: how a village is served, and what to do about a blank spot."""
