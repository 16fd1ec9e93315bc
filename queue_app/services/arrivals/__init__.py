"""Arrivals: check-in, its undoing, and those who never came."""
