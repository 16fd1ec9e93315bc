"""Figures of finished days, for programs."""
