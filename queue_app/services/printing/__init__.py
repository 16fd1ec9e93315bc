"""Printing tickets, and the printers of an office."""
