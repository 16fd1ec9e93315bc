"""On the day: the place in the queue, and more time."""
