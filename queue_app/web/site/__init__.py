"""What belongs to every page: language, menu, headers, static files, health."""
