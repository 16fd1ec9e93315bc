"""A share is released while people book in both shares: no place is lost, and none comes to be twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Share
from queue_app.domain.releases import Release
from queue_app.models import ReleasedSlot, Slot
from queue_app.services.calendar import releases
from queue_app.services.calendar.releases import due_releases, release_day, set_releases
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import Interruption, Meeting, Step, assert_sound, together, without_row_locks
from tests.harness.fakes import FixedClock

CAPACITY, KEPT = 3, 3
ALL = Release(1, time(0), Share.ASSISTED, Share.PUBLIC)


@pytest.fixture
def kept_open(app: Flask, opened: Callable[..., Place], clock: FixedClock) -> Place:
    """The first day is due; three places of each share at eight."""
    kept_open = opened(capacity=CAPACITY, hours=(8,), kept={Share.ASSISTED: KEPT}, days=2)
    with app.app_context(), unit_of_work() as session:
        set_releases(session, kept_open.offering_id, [ALL], reason="Banyak sisa", actor=ADMINISTRATOR, now=clock.now())
    return kept_open


def releasing(kept_open: Place, clock: FixedClock) -> Step:
    def step(session: Session) -> int:
        return sum(release_day(session, *one, now=clock.now()) for one in due_releases(session, now=clock.now()))

    return step


def of_day(app: Flask, kept_open: Place) -> dict[str, int]:
    sums = [func.sum(column) for column in (Slot.capacity, Slot.planned, Slot.booked)]
    with app.app_context():
        found = db.session().execute(select(*sums).where(Slot.day == kept_open.days[0])).one()
    return dict(zip(("capacity", "planned", "booked"), found, strict=True))


def share_slots(app: Flask, kept_open: Place) -> dict[Share, int]:
    with app.app_context():
        rows = db.session().execute(select(Slot.share, Slot.id).where(Slot.day == kept_open.days[0]))
        return dict(rows.all())


def test_sweeps_and_bookings_in_both_shares_at_once(
    app: Flask, kept_open: Place, booking: Any, giving: Any, clock: FixedClock
) -> None:
    slots = share_slots(app, kept_open)
    both = [*(booking(slots[Share.PUBLIC]) for _ in range(4)), *(giving(kept_open, now=False) for _ in range(4))]
    outcomes = together(app, *both, *(releasing(kept_open, clock) for _ in range(3)))
    assert {outcome.code for outcome in outcomes} <= {None, "slot_full"}
    won = sum(outcome.won for outcome in outcomes[: len(both)])
    assert of_day(app, kept_open) == {"capacity": CAPACITY + KEPT, "planned": CAPACITY + KEPT, "booked": won}
    together(app, *(booking(slots[Share.PUBLIC]) for _ in range(6)))
    after = of_day(app, kept_open)
    assert after["booked"] <= after["capacity"] == CAPACITY + KEPT
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(ReleasedSlot)) == 1
    assert_sound(app)


def test_control_without_the_guards_an_hour_is_released_twice(
    app: Flask, kept_open: Place, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sweeps read that nothing is done; without key and condition both move what they saw free."""
    meeting = Meeting(2)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(releases, "insert_if_absent", lambda session, *_key, **_values: meeting.wait(session) or True)
    monkeypatch.setattr(releases, "move_places", _as_was_read)
    together(app, *(releasing(kept_open, clock) for _ in range(2)), unguarded=True)
    assert of_day(app, kept_open)["capacity"] > CAPACITY + KEPT


def _as_was_read(session: Session, slot_id: int, other_id: int, places: int) -> dict[int, int]:
    session.execute(update(Slot).where(Slot.id == slot_id).values(planned=0, capacity=0))
    more = {"planned": Slot.planned + places, "capacity": Slot.capacity + places}
    session.execute(update(Slot).where(Slot.id == other_id).values(more))
    return {}


def test_control_without_lock_and_condition_a_place_is_taken_from_who_books(
    app: Flask, kept_open: Place, giving: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check constraint still stands behind it: the sweep fails, and nobody has lost anything."""
    books = Interruption(app, giving(kept_open, now=False))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(releases, "_target", books.after(releases._target))
    monkeypatch.setattr(releases, "move_places", _as_was_read)
    (sweep,) = together(app, releasing(kept_open, clock), unguarded=True)
    assert books.outcome.won
    assert isinstance(sweep.failure, IntegrityError)
    assert of_day(app, kept_open)["capacity"] == CAPACITY + KEPT
