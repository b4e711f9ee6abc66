"""Commands of the contract: signing, following on, items, teams, packages, what the timer does."""
