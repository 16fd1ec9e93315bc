"""The doors for staff, kiosks and partners' programs."""
