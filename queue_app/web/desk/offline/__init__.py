"""What the desk keeps for a cut connection, and what it sends afterwards."""
