"""Pages of the exchange: files loaded in the browser, what became of them, and the quarantine."""
