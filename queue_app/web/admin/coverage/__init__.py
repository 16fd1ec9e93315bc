"""The coverage of recording by kecamatan: a table, a map of tiles, and how it is taken over."""
