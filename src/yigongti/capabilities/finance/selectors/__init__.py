"""What people look at: books, the pool, runs with every number explained, statements, warnings."""
