"""Tickets on paper, and what came of printing them."""
