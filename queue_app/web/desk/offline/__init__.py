"""Lists that the desk keeps for a cut connection, and scans that it sends afterwards."""
