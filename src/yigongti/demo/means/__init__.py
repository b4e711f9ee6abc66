"""The county's means: books, budget, equipment, drug stock — from what was really charged and paid."""
