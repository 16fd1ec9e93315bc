"""Accounts of staff, and kiosks."""
