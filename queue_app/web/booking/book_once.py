"""Booking a place, whoever asks for it: every request for one comes through here."""

from __future__ import annotations

from queue_app.db import claiming
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.services.booking.book import Booked, book_alone
from queue_app.services.booking.request import BookingRequest
from queue_app.web.before_flask.known_refusals import known_refusals
from queue_app.web.booking.claims_counted import claim_counted
from queue_app.web.request import keyring, now, twice_at_most


def book_once(wanted: BookingRequest, actor: Actor = CITIZEN) -> Booked:
    """Book, or find what the same request booked before. Raises what `book_alone` raises."""
    with claim_counted():
        booked = twice_at_most(
            claiming, lambda unit: book_alone(unit, wanted, keyring=keyring(), now=now(), actor=actor)
        )
    known_refusals().claim_was_won(booked.slot_id)
    return booked
