"""From the details to the ticket, and everything that its holder does with it."""
