"""Printers, what can be printed, and what was."""
