"""`queue-app` without its guard, for a control: it reads how many places are taken, waits a moment, and then writes.

Patched on import and not in `main`, so that workers which import the main module anew are without the guard too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection

from queue_app.cli import main
from queue_app.services.booking import book, book_many
from queue_app.services.booking.claim import NewBooking, Stored, store_taken
from queue_app.services.booking.driver import execute

UNCONDITIONAL = """
    UPDATE slot SET booked = {booked}, next_number = next_number + 1 WHERE id = :slot_id
    RETURNING id, office_id, service_id, day, starts_at, next_number - 1
"""
MOMENT = 0.02  # seconds between reading and writing; other requests take longer than this for their own reasons


def read_then_write(connection: Connection, new: NewBooking) -> Stored | None:
    """In the place of `claim_alone`, one person at a time."""
    wanted = {"slot_id": new.slot_id}
    booked, capacity = execute(connection, "SELECT booked, capacity FROM slot WHERE id = :slot_id", wanted).fetchone()
    if booked >= capacity:
        return None
    time.sleep(MOMENT)
    # The connection of a claim begins no transaction of its own, on either database.
    execute(connection, "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")
    taken = execute(connection, UNCONDITIONAL.format(booked=booked + 1), wanted).fetchone()
    stored = store_taken(connection, new, taken)
    execute(connection, "COMMIT")
    return stored


def each_of(connection: Connection, many: Sequence[NewBooking]) -> list[Stored | None]:
    """In the place of `claim_many`."""
    return [read_then_write(connection, new) for new in many]


book.claim_alone = read_then_write
book_many.claim_many = each_of

if __name__ == "__main__":
    main()
