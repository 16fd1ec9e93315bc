"""`queue-app` without its guard, for a control: it reads how many places are taken, waits a moment, and then writes.

Patched on import and not in `main`, so that workers which import the main module anew are without the guard too.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, select, update

from queue_app.cli import main
from queue_app.models import Slot
from queue_app.services import booking
from queue_app.services.claim_statement import NewBooking, Stored, store_taken

MOMENT = 0.02  # seconds between reading and writing; other requests take longer than this for their own reasons


def read_then_write(connection: Connection, new: NewBooking) -> Stored | None:
    """In the place of `claim_and_store`, one person at a time."""
    of_slot = Slot.id == new.slot_id
    seen = connection.execute(select(Slot.booked, Slot.capacity).where(of_slot)).one()
    if seen.booked >= seen.capacity:
        return None
    time.sleep(MOMENT)
    taking = update(Slot).where(of_slot).values(booked=seen.booked + 1, next_number=Slot.next_number + 1)
    columns = (*Slot.__table__.columns, (Slot.next_number - 1).label("first_number"))
    # The session of a claim begins no transaction of its own, on either database.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")
    stored = store_taken(connection, new, connection.execute(taking.returning(*columns)).one())
    connection.exec_driver_sql("COMMIT")
    return stored


booking.claim_and_store = read_then_write

if __name__ == "__main__":
    main()
