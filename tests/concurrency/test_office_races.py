"""The office changes bookings for people while those and others change them too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.calendar import Share
from queue_app.domain.keyring import person_of
from queue_app.models import Booking, Slot
from queue_app.services.assisted.move_for_others import move_assisted
from queue_app.services.assisted.revisits import book_again
from queue_app.services.booking import change
from queue_app.services.booking import correct as correcting
from queue_app.services.booking.change import cancel, reschedule
from tests.concurrency.conftest import OFFICER, Place
from tests.concurrency.races import Interruption, Step, assert_sound, booked_of, tickets_of, together
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
RIGHT = "Siti Wahyuningsih"


@pytest.fixture
def naming(clock: FixedClock, keyring: FileKeyring) -> Callable[[Place, int], Step]:
    """A step that corrects the name of a booking's first person."""

    def make(place: Place, booking_id: int) -> Step:
        who: dict[str, Any] = {"office_id": place.office_id, "keyring": keyring, "actor": OFFICER}

        def step(session: Session) -> Any:
            ticket_id = session.get_one(Booking, booking_id).tickets[0].id
            right = correcting.Correction(name=RIGHT)
            return correcting.correct(session, ticket_id, right, **who, now=clock.now())

        return step

    return make


@pytest.fixture
def names(app: Flask, keyring: FileKeyring) -> Callable[[int, str], set[str | None]]:
    def names(booking_id: int, code: str) -> set[str | None]:
        return {person_of(one, code, keyring).name for one in tickets_of(app) if one.booking_id == booking_id}

    return names


def test_a_name_is_corrected_while_the_booking_is_moved(
    app: Flask, opened: Opened, booking: Any, naming: Any, names: Any, clock: FixedClock
) -> None:
    """Whichever is first, the ticket that holds in the end has the right name."""
    place = opened(capacity=3)
    there = place.slots[1][0]
    for _ in range(6):
        mine, code, _numbers = together(app, booking(place.slot))[0].value
        named, moved = together(
            app,
            naming(place, mine),
            lambda session, mine=mine: reschedule(session, mine, there, now=clock.now()).id,
        )
        assert (named.won, moved.won) == (True, True)
        assert names(mine, code) == {RIGHT}
        together(app, lambda session, mine=mine: cancel(session, mine, now=clock.now()).id)
    assert_sound(app)


def test_control_without_the_lock_of_the_booking_the_wrong_name_moves_on(
    app: Flask,
    opened: Opened,
    booking: Any,
    naming: Any,
    names: Any,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = opened(capacity=3)
    mine, code, _numbers = together(app, booking(place.slot))[0].value

    def unlocked(session: Session, booking_id: int) -> Booking:
        return session.get_one(Booking, booking_id)

    between = Interruption(app, naming(place, mine))
    monkeypatch.setattr(change, "load_booking", unlocked)
    monkeypatch.setattr(correcting, "load_booking", unlocked)
    monkeypatch.setattr(change, "current_tickets", between.after(change.current_tickets))
    (moved,) = together(app, lambda session: reschedule(session, mine, place.slots[1][0], now=clock.now()).id)
    assert (moved.won, between.outcome.won) == (True, True)
    assert names(mine, code) == {RIGHT, "Siti Wahyuni"}


def test_several_are_moved_into_the_last_places_of_two_shares(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock
) -> None:
    """A place of each share is given once, and who finds none keeps the old one."""
    place = opened(capacity=4, kept={Share.ASSISTED: 1})
    slots = slots_of_window(app, place, 1)
    public, assisted = (slots[share] for share in (Share.PUBLIC, Share.ASSISTED))
    old = slots_of_window(app, place, 0)[Share.PUBLIC].id
    mine = [together(app, booking(old))[0].value[0] for _ in range(4)]
    together(app, *(booking(public.id) for _ in range(3)))
    office = {"office_id": place.office_id, "actor": OFFICER}

    def moving(booking_id: int) -> Step:
        return lambda session: move_assisted(session, booking_id, public.starts_at, **office, now=clock.now()).id

    outcomes = together(app, *map(moving, mine))
    assert sorted(str(outcome.code) for outcome in outcomes) == ["None", "None", "slot_full", "slot_full"]
    assert (booked_of(app, public.id), booked_of(app, assisted.id)) == (4, 1)
    assert booked_of(app, old) == 2
    assert_sound(app)


def test_two_officers_book_one_person_again(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock, keyring: FileKeyring
) -> None:
    place = opened(capacity=5)
    mine = together(app, booking(place.slot))[0].value[0]
    together(app, lambda session: cancel(session, mine, now=clock.now()).id)
    (ticket,) = tickets_of(app)
    starts_at = slots_of_window(app, place, 1)[Share.PUBLIC].starts_at
    who: dict[str, Any] = {"office_id": place.office_id, "staff_id": 1, "keyring": keyring}

    def again(key: str) -> Step:
        return lambda session: book_again(session, ticket.id, starts_at, **who, request_key=key, now=clock.now())

    outcomes = together(app, *(again(f"officer-{number}-0123456789") for number in range(4)))
    assert sorted(str(outcome.code) for outcome in outcomes) == ["None", *["already_booked"] * 3]
    assert_sound(app)


def slots_of_window(app: Flask, place: Place, day: int) -> dict[Share, Slot]:
    """Of the first window of one of the days."""
    with app.app_context():
        slots = [db.session().get_one(Slot, slot_id) for slot_id in place.slots[day]]
        first = min(slot.starts_at for slot in slots)
        return {slot.share: slot for slot in slots if slot.starts_at == first}
