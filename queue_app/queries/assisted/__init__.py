"""What can be given to those who are helped."""
