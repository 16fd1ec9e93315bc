"""Figures of today and of any range of days, and the same as files."""
