"""Pages of residents and their records."""
