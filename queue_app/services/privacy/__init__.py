"""The rights of whoever the data is about: proof, requests, deletion, suspension."""
