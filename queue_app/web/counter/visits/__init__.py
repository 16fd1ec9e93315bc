"""The page of a counter, every key on it, and the switch for disruptions."""
