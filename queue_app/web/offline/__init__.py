"""What devices and server exchange about the time without a connection."""
