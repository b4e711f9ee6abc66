"""The synthetic county: invented people and places with planted truths."""
