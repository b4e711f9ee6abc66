"""What people look for in the ledger; rows of tasks start from a scoped queryset."""
