"""Snapshots for a cut connection, and whatever did not fit afterwards."""
