"""The policy ledger: from a policy document to tasks, targets, measured progress, closed."""
