"""Pages of institutions and of the villages they serve."""
