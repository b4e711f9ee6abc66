"""Booking: resources, schedules, slots that cannot be oversold, waiting lists."""
