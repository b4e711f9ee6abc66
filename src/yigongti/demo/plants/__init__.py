"""What is planted for tests to find: each truth is really in the data, and listed by id in truth.json."""
