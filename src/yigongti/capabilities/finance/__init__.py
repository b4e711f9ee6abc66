"""The consortium's money: books, apportionment of shared centres, distribution, statements."""
