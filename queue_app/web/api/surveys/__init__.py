"""Results of the satisfaction survey, for programs."""
