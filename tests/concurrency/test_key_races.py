"""Keys are changed while people book: nobody gets a second place under the other index, and nothing is overlooked."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import claiming, db, unit_of_work
from queue_app.domain.errors import AlreadyBooked
from queue_app.domain.keyring import KeysChanged
from queue_app.jobs import keys
from queue_app.services.booking import book as booking_service
from queue_app.services.booking import claim, places, statements
from queue_app.services.booking.book import book, book_alone
from queue_app.services.booking.claim import NewBooking, Stored
from tests.concurrency.conftest import Place
from tests.concurrency.races import assert_sound, findings, tickets_of
from tests.harness.factories import make_applicant, make_request
from tests.harness.fakes import FixedClock
from tests.harness.rotation import adopt, rotate

Opened = Callable[..., Place]


def booked(app: Flask, slot_id: int, person: int, keyring: FileKeyring, clock: FixedClock) -> str:
    """In a thread of its own, as another worker; what came of it."""

    def work() -> str:
        with app.app_context():
            try:
                with claiming() as connection:
                    book_alone(
                        connection, make_request(slot_id, make_applicant(person)), keyring=keyring, now=clock.now()
                    )
            except (AlreadyBooked, KeysChanged) as refusal:
                return type(refusal).__name__
            finally:
                db.session.remove()
            return "booked"

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(work).result(60)


@pytest.fixture
def changing(app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Callable[[Place], None]:
    """Between the look of one who books and the claim, keys are changed, and the same person books elsewhere."""

    def between(place: Place) -> None:
        real, turns = booking_service.claim_alone, itertools.count()

        def claim_later(connection: Connection, new: NewBooking) -> Stored | None:
            if next(turns) == 0:
                keyring = rotate(app)
                assert booked(app, place.slots[1][0], 7, keyring, clock) == "booked"
            return real(connection, new)

        monkeypatch.setattr(booking_service, "claim_alone", claim_later)

    return between


def test_who_holds_a_former_key_books_nothing(
    app: Flask, opened: Opened, clock: FixedClock, changing: Callable[[Place], None]
) -> None:
    former, place = adopt(app), opened(capacity=5)
    changing(place)
    assert booked(app, place.slot, 7, former, clock) == "KeysChanged"
    assert len(tickets_of(app)) == 1
    assert booked(app, place.slot, 7, app.extensions["keyring"], clock) == "AlreadyBooked"
    assert_sound(app)


def test_control_without_the_guard_the_person_has_two_places(
    app: Flask, opened: Opened, clock: FixedClock, changing: Callable[[Place], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    former, place = adopt(app), opened(capacity=5)
    monkeypatch.setattr(claim, "TAKE_UNDER_KEYS", places.TAKE_PLACES)
    monkeypatch.setattr(statements, "TAKE_UNDER_KEYS", places.TAKE_PLACES)
    statements.postgresql_statement.cache_clear()
    try:
        changing(place)
        assert booked(app, place.slot, 7, former, clock) == "booked"
    finally:
        statements.postgresql_statement.cache_clear()
    assert len(tickets_of(app)) == 2
    assert "I17" in findings(app)


def test_many_book_while_keys_are_changed(app: Flask, opened: Opened, clock: FixedClock) -> None:
    """Each of ten people tries to get a place in two hours at once; keys are changed three times meanwhile."""
    adopt(app)
    place = opened(capacity=50)
    over = threading.Event()

    def insist(person: int, slot_id: int) -> str:
        while True:
            try:
                came = booked(app, slot_id, person, app.extensions["keyring"], clock)
            except OperationalError:
                continue  # busy: that is answered 503, and asked again
            if came != "KeysChanged":
                return came
            with app.app_context():
                app.extensions["keys"].follow(db.session())
                db.session.remove()

    def keep_changing() -> int:
        turns = 0
        while turns < 3 or not over.is_set():
            rotate(app)
            turns += 1
            if over.wait(0.05):
                break
        return turns

    with ThreadPoolExecutor(9) as workers:
        changer = workers.submit(keep_changing)
        tries = [workers.submit(insist, person, place.slots[day][0]) for person in range(20, 30) for day in (0, 1)]
        came = [one.result(120) for one in tries]
        over.set()
        assert changer.result(120) >= 1
    assert sorted(came) == ["AlreadyBooked"] * 10 + ["booked"] * 10
    assert_sound(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_the_change_waits_for_who_is_storing(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """A place given in a longer transaction gets the new index, too. The control changes keys without waiting."""
    former, place = adopt(app), opened(capacity=5)
    if not guarded:
        real: Any = unit_of_work
        monkeypatch.setattr(keys, "unit_of_work", lambda *_, **__: real())
        monkeypatch.setattr(keys, "settle", lambda *_: 0)
    with app.app_context(), ThreadPoolExecutor(1) as other:
        with unit_of_work() as session:
            book(session, make_request(place.slot, make_applicant(7)), keyring=former, now=clock.now())
            changer = other.submit(rotate, app, "person_index")
            waits_for(app) if guarded else changer.result(60)
        keyring = changer.result(60)
    index = keyring.person_index(make_applicant(7).nik.digits)
    assert [ticket.person_index == index for ticket in tickets_of(app)] == [guarded]


def waits_for(app: Flask) -> None:
    question = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
        " AND datname = current_database() AND relation = 'key_check'::regclass"
    )
    deadline = time.monotonic() + 60
    with db.engine.connect() as watching:
        while not watching.scalar(question):
            assert time.monotonic() < deadline
            watching.rollback()
            time.sleep(0.01)
