"""From nothing to an open office: its services, hours and zone, and what is still missing."""
