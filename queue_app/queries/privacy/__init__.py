"""Reads about one person's data, about requests, and about breaches."""
