"""Commands on money. The front of the pure decisions for files stays free of Django, so that it needs no store."""
