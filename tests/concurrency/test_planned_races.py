"""People leave an hour that was cut while others book: what nobody planned is not given again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.models import Slot
from queue_app.services.booking import change
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, assert_sound, booked_of, findings, together

Opened = Callable[..., Place]


@pytest.fixture
def cut(app: Flask, opened: Opened, booking: Any, setting_schedule: Any) -> Callable[[], tuple[Place, list[list[int]]]]:
    """An hour of three days with three people each, cut to one place; the bookings of each day."""

    def cut() -> tuple[Place, list[list[int]]]:
        place = opened(capacity=3, hours=(8,))
        booked = [
            [one.value[0] for one in together(app, *(booking(slots[0]) for _ in range(3)))] for slots in place.slots
        ]
        together(app, setting_schedule(place, place.days[0], (8,), 1))
        return place, booked

    return cut


def test_two_leave_and_others_book_at_once(app: Flask, cut: Any, booking: Any, cancelling: Any) -> None:
    """Never more than planned: while somebody is left, nobody gets a place, and then exactly one does."""
    place, booked = cut()
    for (slot,), (first, second, third) in zip(place.slots, booked, strict=True):
        outcomes = together(app, cancelling(first), booking(slot), cancelling(second), booking(slot), booking(slot))
        assert [outcome.code for outcome in outcomes] == [None, "slot_full", None, "slot_full", "slot_full"]
        assert (booked_of(app, slot), _capacity(app, slot)) == (1, 1)
        outcomes = together(app, cancelling(third), booking(slot), booking(slot), booking(slot))
        assert outcomes[0].won
        assert sum(outcome.won for outcome in outcomes[1:]) == booked_of(app, slot) <= 1
        together(app, booking(slot), booking(slot))
        assert (booked_of(app, slot), _capacity(app, slot)) == (1, 1)
    assert_sound(app)


def test_control_places_lowered_by_a_stale_reading_are_sold_again(
    app: Flask, cut: Any, booking: Any, cancelling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, booked = cut()
    meeting = Meeting(2)

    def read_then_lower(session: Session, slot_id: int, places: int) -> None:
        held, planned = session.execute(select(Slot.booked, Slot.planned).where(Slot.id == slot_id)).one()
        meeting.wait(session)
        values = {"booked": Slot.booked - places, "capacity": max(planned, held - places)}
        session.execute(update(Slot).where(Slot.id == slot_id).values(values))

    monkeypatch.setattr(change, "lock_slots", lambda *_arguments: None)
    monkeypatch.setattr(change, "release_places", read_then_lower)
    first, second, _third = booked[0]
    assert all(outcome.won for outcome in together(app, cancelling(first), cancelling(second)))
    assert (booked_of(app, place.slot), _capacity(app, place.slot)) == (1, 2)
    assert findings(app).keys() == {"I1"}
    assert together(app, booking(place.slot))[0].won


def _capacity(app: Flask, slot_id: int) -> int:
    with app.app_context():
        return db.session().scalars(select(Slot.capacity).where(Slot.id == slot_id)).one()
