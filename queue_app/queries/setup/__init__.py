"""How far an office has come, and what it lacks before it can open."""
