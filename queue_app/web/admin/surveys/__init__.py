"""Results of the satisfaction survey, and what was done about the remarks."""
