"""What is written down beside the work itself: audit, messages, leases, and the end of keeping."""
