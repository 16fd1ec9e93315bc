"""Days of an office as they were lived, and the figures that were counted of them."""
