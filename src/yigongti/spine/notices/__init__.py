"""Notices: the inbox in which people find what happened and what waits for them."""
