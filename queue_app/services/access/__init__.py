"""Who may come in: staff, kiosks, and partners' programs."""
