"""Booking for people who do not book themselves."""
