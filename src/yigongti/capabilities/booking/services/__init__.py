"""Booking's commands, each one transaction."""
