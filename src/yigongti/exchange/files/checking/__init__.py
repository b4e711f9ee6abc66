"""Is a row a fact?  Vectorised over Arrow batches: kinds, choices, bounds, orders, sums, known institutions."""
