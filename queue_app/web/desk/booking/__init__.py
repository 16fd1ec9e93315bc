"""Finding a person and their booking, on whatever day, and what the office does with it for them."""
