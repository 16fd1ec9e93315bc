"""The exchange of devices and server about the time without a connection."""
