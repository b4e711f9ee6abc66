"""The consortium's money: members' books, the pooled account, shared centres' costs, distribution, statements."""
