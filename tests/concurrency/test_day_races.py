"""The office closes a day or changes its quota while people book it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.models import Offer, Slot, Ticket
from queue_app.services.calendar import quota as day_quota
from queue_app.services.calendar.carrying_out import carry_out
from tests.concurrency.conftest import Place
from tests.concurrency.races import Interruption, assert_sound, attempt, tickets_of, together, without_row_locks
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def test_whoever_books_while_the_day_is_closed_is_offered_another_place_or_refused(
    app: Flask, opened: Opened, booking: Any, closing_day: Any, opening_day: Any, clock: FixedClock
) -> None:
    place = opened(capacity=40)
    for turn in range(6):
        slots = place.slots[turn % 3]
        steps = [booking(slots[number % 2]) for number in range(8)]
        steps.insert(turn, closing_day(place.day_ids[turn % 3]))
        outcomes = together(app, *steps)
        assert outcomes[turn].won
        assert {outcome.code for outcome in outcomes} <= {None, "day_closed"}
        closure_id = outcomes[turn].value
        with app.app_context():
            while attempt(lambda session, one=closure_id: carry_out(session, one, now=clock.now())).value:
                pass
        expected = {ticket.booking_id for ticket in tickets_of(app, Ticket.slot_id.in_(slots))}
        assert _offered(app, closure_id) == expected
        assert_sound(app)
        together(app, opening_day(place.day_ids[turn % 3]))


def test_lowering_the_quota_never_goes_below_what_is_booked(
    app: Flask, opened: Opened, booking: Any, setting_quota: Any
) -> None:
    place = opened(capacity=20)
    for turn in range(6):
        day_id, slots = place.day_ids[turn % 3], place.slots[turn % 3]
        steps = [booking(slots[number % 2]) for number in range(6)]
        steps[turn:turn] = [setting_quota(day_id, 3), setting_quota(day_id, 30)]
        outcomes = together(app, *steps)
        assert {outcome.code for outcome in outcomes} <= {None, "slot_full", "quota_below_booked"}
        assert_sound(app)


def test_control_a_quota_from_a_stale_reading_meets_the_constraint(
    app: Flask, opened: Opened, booking: Any, setting_quota: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without locks and without "never below booked", the administrator gets a failure instead of an answer."""
    place = opened(capacity=9)
    somebody = Interruption(app, booking(place.slot))

    def set_anyway(session: Session, slot_id: int, planned: int) -> None:
        session.execute(update(Slot).where(Slot.id == slot_id).values(planned=planned, capacity=planned))

    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(day_quota, "set_capacity", somebody.before(set_anyway))
    outcomes = together(app, setting_quota(place.day_ids[0], 0), unguarded=True)
    assert somebody.outcome.won
    assert isinstance(outcomes[0].failure, IntegrityError)


def _offered(app: Flask, closure_id: int) -> set[int]:
    with app.app_context():
        return set(db.session().scalars(select(Offer.booking_id).where(Offer.closure_id == closure_id)))
