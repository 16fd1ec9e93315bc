"""Places and hours for those who are helped."""
