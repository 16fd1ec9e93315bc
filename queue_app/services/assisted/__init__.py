"""Booking for people who do not book themselves: at the desk, in villages, at the kiosk, and again after a failure."""
