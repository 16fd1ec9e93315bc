"""Booking a place: look, claim, store; moving and cancelling; finding a ticket again."""
