"""The roster of a week, and the quota advice that reads it."""
