"""Pages for the holder of a ticket to see, copy, correct, delete and suspend their own data."""
