"""Where every request for a place comes together, whoever sent it."""

from __future__ import annotations

from flask import current_app

from queue_app.db import claiming
from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.services.booking.book import Booked, BookingRequest, book_alone
from queue_app.web.before_flask import FULL_SLOTS
from queue_app.web.request import keyring, now


def place(wanted: BookingRequest, actor: Actor = CITIZEN) -> Booked:
    """Book; once more when the same request was being stored at that moment. Raises what `book_alone` raises."""
    for last in (False, True):
        try:
            with claiming() as connection:
                booked = book_alone(connection, wanted, keyring=keyring(), now=now(), actor=actor)
            current_app.extensions[FULL_SLOTS].claim_was_won(booked.slot_id)
            return booked
        except RepeatedRequest:
            if last:
                raise
    raise AssertionError("unreachable")
