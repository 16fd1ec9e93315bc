"""People cancel and move while others book."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.booking import HOLDING_STATES, TicketState
from queue_app.models import Slot, Ticket
from queue_app.services.booking import change
from queue_app.services.booking.change import reschedule
from tests.concurrency.conftest import Place
from tests.concurrency.races import (
    Do,
    Meeting,
    Step,
    assert_sound,
    booked_of,
    findings,
    in_parallel,
    tickets_of,
    together,
)
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


@pytest.fixture
def moving(clock: FixedClock) -> Callable[[int, int], Step]:
    return lambda booking_id, slot_id: lambda session: reschedule(session, booking_id, slot_id, now=clock.now()).id


def test_a_storm_of_bookings_and_cancellations(app: Flask, opened: Opened, booking: Any, cancelling: Any) -> None:
    """Places come back, at once and exactly once."""
    place = opened(capacity=4)

    def citizen(seed: int) -> Callable[[Do], None]:
        chance = random.Random(seed)

        def act(do: Do) -> None:
            for _ in range(10):
                outcome = do(booking(chance.choice(place.slots[0])))
                if outcome.won and chance.random() < 0.8:
                    do(cancelling(outcome.value[0]))

        return act

    in_parallel(app, *(citizen(seed) for seed in range(8)))
    assert_sound(app)
    for slot in place.slots[0]:
        holding = tickets_of(app, Ticket.slot_id == slot, Ticket.state.in_(HOLDING_STATES))
        outcomes = together(app, *(booking(slot) for _ in range(6)))
        assert sum(outcome.won for outcome in outcomes) == 4 - len(holding)
        assert booked_of(app, slot) == 4
    assert_sound(app)


def test_two_people_who_swap_their_slots_do_not_wait_for_each_other(
    app: Flask, opened: Opened, booking: Any, moving: Any
) -> None:
    place = opened(capacity=2)
    ours, theirs = place.slots[0][0], place.slots[1][1]
    mine = together(app, booking(ours))[0].value[0]
    yours = together(app, booking(theirs))[0].value[0]
    for _ in range(12):
        assert all(outcome.won for outcome in together(app, moving(mine, theirs), moving(yours, ours)))
        ours, theirs = theirs, ours
    assert booked_of(app, ours) == booked_of(app, theirs) == 1
    assert_sound(app)


def test_control_slots_locked_as_they_come_make_a_circle(
    app: Flask, opened: Opened, booking: Any, moving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL only: SQLite has one writer, who waits for nobody."""
    place, meeting = opened(capacity=2), Meeting(2)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return

    def lock_the_new_one_first(session: Session, _which: Any) -> None:
        pass

    ours, theirs = place.slots[0][0], place.slots[1][1]
    mine = together(app, booking(ours))[0].value[0]
    yours = together(app, booking(theirs))[0].value[0]
    monkeypatch.setattr(change, "lock_slots", lock_the_new_one_first)
    monkeypatch.setattr(change, "claim_places", meeting.after(change.claim_places))
    outcomes = together(app, moving(mine, theirs), moving(yours, ours), unguarded=True)
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    assert len(failures) == 1
    assert isinstance(failures[0], OperationalError)
    assert "deadlock" in str(failures[0])


def test_a_ticket_is_moved_and_cancelled_at_once(
    app: Flask, opened: Opened, booking: Any, cancelling: Any, moving: Any
) -> None:
    """One after the other, whichever is first: in the end it is cancelled, and both slots are free."""
    place = opened(capacity=3)
    here, there = place.slots[0][0], place.slots[1][0]
    for _ in range(6):
        mine = together(app, booking(here))[0].value[0]
        moved, cancelled, again = together(app, moving(mine, there), cancelling(mine), cancelling(mine))
        assert cancelled.won
        assert again.won
        assert moved.won or moved.code == "illegal_transition"
        assert booked_of(app, here) == booked_of(app, there) == 0
        assert_sound(app)


def test_control_without_the_state_in_the_condition_a_place_is_returned_twice(
    app: Flask, opened: Opened, booking: Any, cancelling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened(capacity=3), Meeting(2)
    mine = together(app, booking(place.slot))[0].value[0]
    together(app, booking(place.slot))

    def leave_anyway(session: Session, tickets: Any, target: TicketState, *, now: Any) -> None:
        ids = [ticket.id for ticket in tickets]
        session.execute(update(Ticket).where(Ticket.id.in_(ids)).values(state=target, state_since=now))

    monkeypatch.setattr(change, "load_booking", lambda session, booking_id: session.get(change.Booking, booking_id))
    monkeypatch.setattr(change, "current_tickets", meeting.after(change.current_tickets))
    monkeypatch.setattr(change, "leave", leave_anyway)
    outcomes = together(app, cancelling(mine), cancelling(mine))
    assert all(outcome.won for outcome in outcomes)
    assert booked_of(app, place.slot) == 0
    assert findings(app).keys() == {"I1", "I5"}


def test_one_booking_moved_to_two_slots_at_once_ends_in_one(
    app: Flask, opened: Opened, booking: Any, moving: Any
) -> None:
    place = opened(capacity=3)
    mine = together(app, booking(place.slot))[0].value[0]
    others = [slot for of_day in place.slots for slot in of_day]
    for _ in range(4):
        outcomes = together(app, *(moving(mine, slot) for slot in others))
        assert any(outcome.won for outcome in outcomes)
        assert sum(booked_of(app, slot) for slot in others) == 1
    assert_sound(app)


def test_moving_into_the_last_place_while_others_book_it(app: Flask, opened: Opened, booking: Any, moving: Any) -> None:
    """Who loses the race keeps the old place."""
    place = opened(capacity=4)
    movers = [together(app, booking(place.slot))[0].value[0] for _ in range(4)]
    target = place.slots[1][0]
    steps = [moving(booking_id, target) for booking_id in movers] + [booking(target) for _ in range(4)]
    outcomes = together(app, *steps)
    assert sum(outcome.won for outcome in outcomes) == booked_of(app, target) == 4
    assert {outcome.code for outcome in outcomes} == {None, "slot_full"}
    assert booked_of(app, place.slot) == sum(not outcome.won for outcome in outcomes[:4])
    assert_sound(app)


def test_a_place_is_never_returned_below_zero(app: Flask, opened: Opened, booking: Any) -> None:
    """The last guard of the counter: the database refuses what no rule should ever ask for."""
    place = opened()
    with app.app_context(), db.engine.connect() as connection:
        statement = update(Slot).where(Slot.id == place.slot).values(booked=Slot.booked - 1)
        with pytest.raises(IntegrityError):
            connection.execute(statement)
        connection.rollback()
        assert connection.scalar(select(Slot.booked).where(Slot.id == place.slot)) == 0
