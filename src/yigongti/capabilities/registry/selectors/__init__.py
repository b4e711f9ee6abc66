"""Questions about institutions, the people in them, and the villages they serve."""
