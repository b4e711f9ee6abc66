"""One resident, one lifelong record: an index of every fact about a person."""
