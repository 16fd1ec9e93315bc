"""What is kept about the holder of a ticket: to see, to copy, to correct, to delete, to suspend."""
