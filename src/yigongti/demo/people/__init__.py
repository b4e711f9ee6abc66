"""Who lives in the county: residents with their ages, diseases, names, contracts and managed programmes."""
