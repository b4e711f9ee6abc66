"""The ledger in the browser."""
