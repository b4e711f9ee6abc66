"""Family-doctor contracts: teams, packages, one valid contract a person, items that fall due and are fulfilled."""
