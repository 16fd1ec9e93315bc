"""Parts of every page: language, menu, headers, static files; and health."""
