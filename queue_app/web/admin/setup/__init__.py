"""Setting an office up, step by step."""
