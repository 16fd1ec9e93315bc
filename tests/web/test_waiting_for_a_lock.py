"""On PostgreSQL somebody else holds a row: with `lock_timeout`, as the operators' page has it, who books hears "later".

SQLite's own limit is `BUSY_TIMEOUT`; tests/faults/test_foreign_writer.py meets both with a whole crowd.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from queue_app.db import db
from queue_app.models import OfficeService
from tests.harness.foreign_writer import holding_the_lock
from tests.harness.serving import eventually
from tests.web.citizen import Citizen, slots_on, text_of

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

LIMIT = 0.3  # seconds; ours is ten
PATIENCE = 60  # seconds after which a request that hangs is given up
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Booking(threading.Thread):
    """Presses the button, and keeps the answer."""

    def __init__(self, app: Flask) -> None:
        super().__init__(daemon=True)
        self._citizen = Citizen(app.test_client())
        self._citizen.give_details()
        self._page = self._citizen.choice().text
        self.answer: TestResponse | None = None

    def run(self) -> None:
        slot_id = next(slot for slot, free in slots_on(self._page).items() if free)
        self.answer = self._citizen.claim(slot_id, page=self._page)


@contextmanager
def lock_timeout(database_url: str, app: Flask) -> Iterator[None]:
    """Of the whole database, for connections made from now on."""
    name = make_url(database_url).database

    def say(setting: str) -> None:
        with server(database_url) as connection:
            connection.execute(f'ALTER DATABASE "{name}" {setting}')  # type: ignore[call-overload]
        with app.app_context():
            db.engine.dispose()

    say(f"SET lock_timeout = '{LIMIT * 1000:.0f}ms'")
    try:
        yield
    finally:
        say("RESET lock_timeout")


def server(database_url: str) -> psycopg.Connection:
    url = make_url(database_url)
    return psycopg.connect(host=str(url.query["host"]), user="postgres", dbname=url.database, autocommit=True)


def test_who_books_meanwhile_is_told_to_come_back_and_books_then(
    app: Flask, offering: OfficeService, database_url: str
) -> None:
    with lock_timeout(database_url, app):
        booking = Booking(app)
        with holding_the_lock(database_url, "slot"):
            booking.start()
            booking.join(PATIENCE)
            answer = booking.answer
            assert answer is not None, "the request hangs as long as the lock is held"
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "Layanan sedang sangat sibuk" in text_of(answer.text)
        booking.run()
        assert booking.answer is not None
        assert booking.answer.status_code == 303, text_of(booking.answer.text)


def test_control_without_the_setting_the_request_waits_for_the_lock(
    app: Flask, offering: OfficeService, database_url: str
) -> None:
    booking = Booking(app)
    with server(database_url) as looking, holding_the_lock(database_url, "slot"):
        booking.start()
        assert eventually(lambda: looking.execute(WAITING).fetchone() == (1,), within=PATIENCE)
        time.sleep(5 * LIMIT)
        assert booking.answer is None
    booking.join(PATIENCE)
    assert booking.answer is not None
    assert booking.answer.status_code == 303
