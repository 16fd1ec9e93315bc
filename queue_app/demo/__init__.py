"""The Sragen demo: the office as it could open tomorrow, and synthetic citizens to look at it."""
