"""Pages of the rules, the documents they come from, and what serves each clause."""
