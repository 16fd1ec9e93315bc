"""Scans and presses that devices made while the connection was cut, taken over afterwards."""
