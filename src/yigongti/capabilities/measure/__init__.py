"""Monitoring and evaluation: indicators, targets, warnings, frozen runs."""
