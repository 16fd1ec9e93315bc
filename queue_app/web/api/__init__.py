"""JSON under /api/v1 for partners' programs; the schemas that validate are its published description."""
