"""The printers of the office."""
