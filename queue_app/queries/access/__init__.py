"""Staff and kiosks of an office, and which rows belong to it."""
