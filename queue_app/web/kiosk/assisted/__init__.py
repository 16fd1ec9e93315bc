"""A number without an appointment."""
