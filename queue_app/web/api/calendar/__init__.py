"""Offices, services, days and hours."""
