"""Records beside the work itself: audit, messages, leases, and the end of keeping."""
