"""Those who are expected, and what a scan says of them."""
