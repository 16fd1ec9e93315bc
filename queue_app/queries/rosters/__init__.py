"""The roster of a week, and what a day of an office begins with: its counters, people and measured times."""
