"""Protection of personal data: requests, proofs of deletion, breaches."""
