"""Offices, their services, and their days."""
