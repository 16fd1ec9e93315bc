"""The surroundings of a job step: the time, the keys and the settings of the app that runs it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import Clock
from queue_app.domain.clock_trust import Doubt, doubt_of
from queue_app.queries.records.clock_trust import clock_trust
from queue_app.services.records.clock_trust import observe, read_clock

STOPPING = "jobs_stopping"  # extension set by the scheduler: an Event
BEGAN = "job_began"  # in `g`: what the clock told then
CLOCK_SAID = {
    None: "the clock is believed again: the jobs go on",
    Doubt.JUMPED: "the clock was set by more than an hour: the jobs wait (queue-app clock)",
    Doubt.UNSEEN: "the clock is more than an hour away from the last time known: the jobs wait (queue-app clock)",
    Doubt.DATABASE: "this machine's clock and the database's differ: the jobs wait (queue-app clock)",
}
log = logging.getLogger(__name__)


class ClockInDoubt(Exception):
    """The time told does not follow from the last one that was believed: what goes by the time has to wait."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(doubt.value)
        self.doubt = doubt


def clock() -> Clock:
    return cast(Clock, current_app.extensions["clock"])


def now() -> datetime:
    """Raises ClockInDoubt when the clock was set by more than an hour since the job began."""
    reading, began = read_clock(clock()), g.get(BEGAN)
    if began is not None and (doubt := doubt_of(reading, began)):
        raise ClockInDoubt(doubt)
    return reading.at


def require_trusted_clock() -> None:
    """What a job does first that goes by the time. Raises ClockInDoubt."""
    began = read_clock(clock())
    with unit_of_work() as session:
        known = clock_trust(session)
        before = known.doubt if known else None
        doubt = observe(session, clock())
    if doubt is not before:
        log.warning("%s", CLOCK_SAID[doubt])
    if doubt:
        raise ClockInDoubt(doubt)
    setattr(g, BEGAN, began)


def keyring() -> FileKeyring:
    return cast(FileKeyring, current_app.extensions["keyring"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def stop_requested() -> bool:
    """Whether the process is ending: a long sweep stops between two things, and the next one goes on."""
    stopping: threading.Event | None = current_app.extensions.get(STOPPING)
    return stopping is not None and stopping.is_set()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading that leaves no transaction open behind it."""
    session = db.session()
    try:
        yield session
    finally:
        session.close()
