"""When an office serves: schedules, days, quotas, holidays, closures, and the times of its services."""
