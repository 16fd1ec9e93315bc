"""The queue, the counters and the hall, as they are now."""
