"""Results of the satisfaction survey, and whose answer is still wanted."""
