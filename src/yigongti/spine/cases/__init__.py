"""Cases of every declared workflow: the store and the step engine."""
