"""The pages that derive from any declared workflow: work lists, a case, a new case, statistics, REST."""
