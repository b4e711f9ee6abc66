"""The resident's own pages, phone first."""
