"""A simulation of the opening at seven for a whole country, beside no product and no database."""
