"""Counters, and the rule of who is called next."""
