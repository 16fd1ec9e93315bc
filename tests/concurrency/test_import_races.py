"""A table of bookings comes in while citizens book the same hours: all of it or nothing, and never past the quota."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.errors import AlreadyBooked, SlotFull
from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.exchange.rows import ImportRow, Line, rows_of
from queue_app.models import Office, Ticket
from queue_app.services.booking import claim, places, statements
from queue_app.services.exchange import bookings
from queue_app.services.exchange.bookings import Importer, import_bookings
from queue_app.services.exchange.report import ImportRefused
from queue_app.web.forms.email_field import read_email
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import Step, assert_sound, booked_of, findings, tickets_of, together
from tests.harness.factories import make_applicant, make_nik
from tests.harness.fakes import FixedClock

HEADINGS = ("Kantor", "Layanan", "Tanggal", "Jam", "NIK", "Nama")
OF_FILE, OF_CITIZENS = 6, 6
Importing = Callable[..., Step]


class Refused(AlreadyBooked):
    """What a race may end in: the file as a whole was refused. ``details['codes']``: why, of its rows."""

    code = "import_refused"


@pytest.fixture
def importing(keyring: FileKeyring, clock: FixedClock) -> Importing:
    """A step that takes in one row for each NIK; its value is how many."""

    def make(place: Place, niks: list[str], hours: tuple[str, ...] = ("08.00",)) -> Step:
        day = place.days[0].isoformat()
        lines = [
            Line(number, ("sragen", "KTP_REKAM", day, hours[number % len(hours)], nik, "Siti Wahyuni"))
            for number, nik in enumerate(niks, start=2)
        ]

        def step(session: Session) -> int:
            rows: tuple[ImportRow, ...] = rows_of(ImportKind.BOOKINGS, [Line(1, HEADINGS), *lines]).rows
            importer = Importer(session.scalars(select(Office)).all(), keyring, ADMINISTRATOR, tells=False)
            try:
                return len(import_bookings(session, rows, importer, read_email=read_email, now=clock.now()).done)
            except ImportRefused as refused:
                raise Refused(codes={one.refusal.code for one in refused.report.problems}) from None

        return step

    return make


def niks(count: int) -> list[str]:
    return [make_nik().digits for _ in range(count)]


@pytest.mark.parametrize("places_left", [OF_FILE + 2, OF_FILE + OF_CITIZENS])
def test_a_file_and_citizens_want_the_same_hour(
    app: Flask, opened: Callable[..., Place], importing: Importing, booking: Callable[..., Step], places_left: int
) -> None:
    place = opened(capacity=places_left)
    citizens = [booking(place.slot, make_applicant()) for _ in range(OF_CITIZENS)]
    file, *others = together(app, importing(place, niks(OF_FILE)), *citizens)
    won = sum(one.won for one in others)
    assert file.won or file.refusal.details["codes"] == {SlotFull.code}
    assert len(tickets_of(app)) == won + (OF_FILE if file.won else 0)
    assert booked_of(app, place.slot) == len(tickets_of(app)) <= places_left
    assert all(one.won or one.code == SlotFull.code for one in others)
    if places_left == OF_FILE + OF_CITIZENS:
        assert file.won
        assert won == OF_CITIZENS
    assert_sound(app)


def test_two_files_with_the_same_people_in_other_orders(
    app: Flask, opened: Callable[..., Place], importing: Importing
) -> None:
    """One is had, the other is refused as a whole; nobody waits in a circle."""
    place, people = opened(capacity=20, hours=(8, 9)), niks(10)
    first = importing(place, people, ("08.00", "09.00"))
    second = importing(place, people[::-1], ("09.00", "08.00"))
    outcomes = together(app, first, second)
    assert sorted(one.won for one in outcomes) == [False, True]
    (lost,) = (one for one in outcomes if not one.won)
    assert lost.refusal.details["codes"] == {AlreadyBooked.code}
    assert len(tickets_of(app)) == 10
    assert_sound(app)


def test_the_same_person_in_a_file_and_by_themselves(
    app: Flask, opened: Callable[..., Place], importing: Importing, booking: Callable[..., Step]
) -> None:
    place, people = opened(capacity=20, hours=(8, 9)), [make_applicant() for _ in range(6)]
    citizens = [booking(place.slots[0][1], one) for one in people[::-1]]
    file, *others = together(app, importing(place, [one.nik.digits for one in people]), *citizens)
    persons = [ticket.person_index for ticket in tickets_of(app, Ticket.state == "booked")]
    assert len(persons) == len(set(persons)) == (6 if file.won else sum(one.won for one in others))
    assert_sound(app)


def test_control_without_the_condition_the_quota_is_exceeded(
    app: Flask,
    opened: Callable[..., Place],
    importing: Importing,
    booking: Callable[..., Step],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What holds the quota is the one condition of the claim, for files as for everybody."""
    unguarded = places.TAKE_UNDER_KEYS.replace("AND booked + :places <= capacity", "")
    unguarded = unguarded.replace("SET booked = booked + :places,", "SET capacity = capacity, booked = booked,")
    monkeypatch.setattr(claim, "TAKE_UNDER_KEYS", unguarded)
    monkeypatch.setattr(statements, "TAKE_UNDER_KEYS", unguarded)
    statements.postgresql_statement.cache_clear()
    place = opened(capacity=OF_FILE)
    try:
        together(
            app,
            importing(place, niks(OF_FILE)),
            *(booking(place.slot, make_applicant()) for _ in range(OF_CITIZENS)),
            unguarded=True,
        )
    finally:
        statements.postgresql_statement.cache_clear()
    assert len(tickets_of(app)) > OF_FILE
    assert findings(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_control_without_the_order_two_files_wait_in_a_circle(
    app: Flask, opened: Callable[..., Place], importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets one write at a time, and so needs no order."""
    calls = iter(range(1000))
    monkeypatch.setattr(bookings, "_lock_windows", lambda *_arguments: None)
    monkeypatch.setattr(bookings, "_index", lambda *_arguments: f"{next(calls):05}".encode())
    place, people = opened(capacity=60, hours=(8, 9)), niks(60)
    files = importing(place, people, ("08.00",)), importing(place, people[::-1], ("09.00",))
    failures = [str(one.failure) for one in together(app, *files, unguarded=True) if one.failure]
    assert any("deadlock" in failure for failure in failures), failures
