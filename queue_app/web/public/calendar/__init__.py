"""Offices, services, days and hours: what citizens choose from."""
