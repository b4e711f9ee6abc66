"""Pages of the consortium's money."""
