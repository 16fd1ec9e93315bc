"""Layers of WSGI in front of Flask, which answer early, before anything scarce is held.

Outermost first: `body.ReadBody` has the whole request in memory before anybody waits for it, `shared_pages.SharedPages`
gives what is the same for everybody, `sold_out.SoldOutGate` refuses who comes too late,
`request_permits.RequestPermits` lets in no more requests at once than there are connections to the database, and
`sold_out.SoldOutDoor` looks once more at who has waited.
"""

from __future__ import annotations

from flask import Flask

from queue_app.config import Settings
from queue_app.db import READING as READING_CONNECTIONS
from queue_app.db import writing_per_process

from .body import ReadBody
from .request_permits import RequestPermits
from .shared_pages import SharedPages
from .sold_out import FULL_SLOTS, FullSlots, SoldOutDoor, SoldOutGate

__all__ = ["FULL_SLOTS", "PAGES", "READING", "stand_in_front"]

PAGES = "shared_pages"  # in `app.extensions`, as is
READING = "reading_bodies"  # the server asks it whether slow senders have taken over


def stand_in_front(app: Flask, settings: Settings) -> None:
    """Wrap the application in its layers."""
    full = app.extensions[FULL_SLOTS] = FullSlots()
    door = SoldOutDoor(app.wsgi_app, full)
    permits = RequestPermits(door, writing=writing_per_process(settings.workers), reading=READING_CONNECTIONS)
    pages = app.extensions[PAGES] = SharedPages(SoldOutGate(permits, full))
    reading = app.extensions[READING] = ReadBody(pages)
    app.wsgi_app = reading  # type: ignore[method-assign]
