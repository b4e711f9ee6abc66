"""The views of rules, documents and requirements."""
