"""The kinds of rows that the indicators count, each drawn once from the county's fact tables."""
