"""Rosters: who sits where and when, and how many recordings go at once."""
