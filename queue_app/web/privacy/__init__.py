"""What is kept of people, in words: the same for citizens and for staff."""
