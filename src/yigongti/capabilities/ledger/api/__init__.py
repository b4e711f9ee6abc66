"""The one door of the ledger for other capabilities and the site: what waits, and in which light."""
