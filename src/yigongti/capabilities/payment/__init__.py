"""Payment: grouping, points, budgets, settlement and clearing, exact to the fen and explained case by case."""
