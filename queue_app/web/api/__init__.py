"""What programs of partners call: JSON under /api/v1; the schemas that validate are its published description."""
