"""Institutions, who works in them, and how villages are served."""
