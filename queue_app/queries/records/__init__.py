"""Audit, messages, runs of jobs, the invariants of the whole database, and whatever a report counts."""
