"""The surroundings of a job step: the time, the keys and the settings of the app that runs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import db

STOPPING = "jobs_stopping"  # extension set by the scheduler: an Event


def now() -> datetime:
    return cast(datetime, current_app.extensions["clock"].now())


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
