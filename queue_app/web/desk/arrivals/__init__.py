"""Scanning, the list of the day, and what is done with one of its people."""
