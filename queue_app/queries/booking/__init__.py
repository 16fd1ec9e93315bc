"""What can be booked, and what was."""
