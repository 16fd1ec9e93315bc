"""Booking for citizens."""
