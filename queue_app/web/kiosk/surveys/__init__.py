"""The survey at the kiosk, for whoever has just been served."""
