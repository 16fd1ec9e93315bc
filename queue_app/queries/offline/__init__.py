"""What devices keep for a cut connection, and what did not fit afterwards."""
