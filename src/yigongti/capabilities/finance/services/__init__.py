"""Commands: money into the pool, sharing computed, posted, reversed."""
