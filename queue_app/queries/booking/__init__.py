"""Bookings, and the days and hours that are left."""
