"""Schedules, quotas, closures, holidays, and the times of services."""
