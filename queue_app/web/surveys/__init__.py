"""The survey's words and form, for link and kiosk."""
