"""A device becomes a kiosk."""
