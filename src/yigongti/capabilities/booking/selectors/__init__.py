"""Booking's queries."""
