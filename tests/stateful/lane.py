"""The same acts as the lane does them for programs; where it leaves somebody to the usual way, they go there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from queue_app.domain.errors import DomainError
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import CITIZEN
from queue_app.services.arrivals.check_in import Scan, check_in_many
from queue_app.services.booking.book_many import Asked, book_many
from queue_app.services.booking.request import BookingRequest
from tests.concurrency.races import Step, claims


def booking(request: BookingRequest, *, keyring: Keyring, now: datetime) -> Step:
    """A step that books for one person; its value is the booking, or None."""

    def step(connection: Any) -> int | None:
        (booked,) = book_many(connection, [Asked(request, CITIZEN)], keyring=keyring, now=now)
        if isinstance(booked, DomainError):
            raise booked
        return booked.booking_id if booked else None

    return claims(step)


def scanning(scan: Scan, *, keyring: Keyring, now: datetime) -> Step:
    """A step that lets the owner of a token in; its value is (row, result, ticket) in a list, or None."""

    def step(connection: Any) -> list[tuple[int, str, int | None]] | None:
        (scanned,) = check_in_many(connection, [scan], keyring=keyring, now=now)
        return [(scanned.check_in_id, scanned.result.value, scanned.ticket.id)] if scanned else None

    return claims(step)
