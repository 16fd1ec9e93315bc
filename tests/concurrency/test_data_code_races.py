"""Somebody guesses a one-time code with many requests at once; and two use the right one at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.data_rights import CODE_TRIES, RequestKind, RequestProof
from queue_app.domain.roles import CITIZEN
from queue_app.models import Booking, DataProof, DataRequest, Ticket
from queue_app.queries.privacy.proofs import code_of
from queue_app.services.privacy import proof, requests
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Outcome, Step, assert_sound, together
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
Guess = Callable[[str], Step]
GUESSERS = 8  # more than the tries, and as many as have a connection at once


@pytest.fixture
def sent(app: Flask, opened: Opened, booking: Callable[..., Step], clock: FixedClock) -> int:
    """The id of a booking to whose contact a code is on its way."""
    (booked,) = together(app, booking(opened().slot, make_applicant(), email="siti@contoh.id"))
    (asked,) = together(
        app, lambda session: proof.send_data_code(session, session.get_one(Booking, booked.value[0]), now=clock.now())
    )
    assert asked.won
    return int(booked.value[0])


@pytest.fixture
def guess(sent: int, keyring: FileKeyring, clock: FixedClock) -> Guess:
    def make(code: str) -> Step:
        return lambda session: proof.try_code(
            session, session.get_one(Booking, sent), code, keyring=keyring, now=clock.now()
        )

    return make


def right_code(app: Flask, keyring: FileKeyring) -> str:
    with app.app_context():
        row = db.session().scalars(select(DataProof)).one()
        return code_of(row, db.session().get_one(Booking, row.booking_id), keyring)


def compared(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each comparison that had a real code to compare with."""
    seen: list[bool] = []
    original = proof.code_of

    def watched(row: DataProof, booking: Booking, keyring: FileKeyring) -> str:
        if row.id is not None:
            seen.append(True)
        return original(row, booking, keyring)

    monkeypatch.setattr(proof, "code_of", watched)
    return seen


def test_however_many_guess_at_once_the_tries_are_few(
    app: Flask, guess: Guess, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, seen = right_code(app, keyring), compared(monkeypatch)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    outcomes = together(app, *[guess(wrong)] * GUESSERS)
    assert [one.value for one in outcomes] == [None] * GUESSERS
    assert len(seen) == CODE_TRIES
    assert together(app, guess(right))[0].value is None
    assert_sound(app)


def test_the_right_code_opens_one_door(app: Flask, guess: Guess, keyring: FileKeyring) -> None:
    right = right_code(app, keyring)
    keys = [one.value for one in together(app, *[guess(right)] * GUESSERS)]
    assert len([key for key in keys if key]) == 1
    assert_sound(app)


def test_control_who_looks_first_and_counts_then_has_more_tries(
    app: Flask, guess: Guess, keyring: FileKeyring, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, seen = right_code(app, keyring), compared(monkeypatch)
    meeting = Meeting(GUESSERS)

    def look_then_count(session: Session, booking: Booking, *, now: object) -> DataProof | None:
        row = session.scalars(select(DataProof).where(DataProof.booking_id == booking.id)).one()
        tries = row.tries
        meeting.wait(session)
        if tries >= CODE_TRIES:
            return None
        row.tries = tries + 1
        return row

    monkeypatch.setattr(proof, "_count_try", look_then_count)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    together(app, *[guess(wrong)] * GUESSERS, unguarded=True)
    assert len(seen) == GUESSERS


def asking(booking_id: int, clock: FixedClock) -> Step:
    def ask(session: Session) -> int:
        ticket = session.scalars(select(Ticket).where(Ticket.booking_id == booking_id)).one()
        by = {"proof": RequestProof.NONE, "actor": CITIZEN, "now": clock.now()}
        return requests.receive(session, ticket, RequestKind.DELETE, **by).id

    return ask


def stored(app: Flask) -> int:
    with app.app_context():
        return len(db.session().scalars(select(DataRequest.id)).all())


def test_asked_for_many_times_at_once_it_is_one_request(app: Flask, sent: int, clock: FixedClock) -> None:
    ids = {one.value for one in together(app, *[asking(sent, clock)] * GUESSERS)}
    assert len(ids) == 1
    assert stored(app) == 1
    assert_sound(app)


def test_control_without_the_lock_the_index_refuses_those_who_came_second(
    app: Flask, sent: int, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking before writing is not enough: the second would meet an error instead of the first one's request."""
    meeting = Meeting(2)
    monkeypatch.setattr(requests, "load_booking", lambda session, booking_id: None)
    monkeypatch.setattr(requests, "open_request", meeting.after(requests.open_request))
    outcomes: list[Outcome] = together(app, *[asking(sent, clock)] * 2, unguarded=True)
    assert [one.failure is None for one in outcomes].count(False) == 1
    assert stored(app) == 1
