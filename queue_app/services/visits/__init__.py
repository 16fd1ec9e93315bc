"""From the check-in to the door: the queue, the counters, and what is done there."""
