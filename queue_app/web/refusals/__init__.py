"""Every refusal in words, one table for each reader: a status, and sentences for people, kiosks and programs."""
