"""Every refusal in words: pages for people, problem+json for programs."""
