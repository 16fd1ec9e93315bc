"""What is kept about one person, and what was asked about it."""
