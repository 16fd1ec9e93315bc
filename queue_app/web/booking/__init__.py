"""A service with its days ready, and the one way in which a place is booked."""
