"""Commands of the ledger; each is one transaction."""
