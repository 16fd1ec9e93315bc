"""Checking in oneself, and what a kiosk says."""
