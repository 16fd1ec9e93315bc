"""Two administrators tell the same crowd, while one of it moves away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.reminders import MessageKind
from queue_app.models import OutboxMessage
from queue_app.services.booking.change import reschedule
from queue_app.services.booking.places import set_capacity
from queue_app.services.calendar import cut
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import Meeting, Step, findings, together, without_row_locks
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def telling(place: Place, clock: FixedClock, minutes: int) -> Step:
    at = clock.now() + timedelta(minutes=minutes)  # two moments, as in life: else the message itself would be the same
    return lambda session: cut.tell_of_cut(session, place.offering_id, actor=ADMINISTRATOR, now=at)


@pytest.fixture
def crowded(app: Flask, opened: Opened, booking: Any) -> tuple[Place, list[int]]:
    place = opened(capacity=4)
    ids = [together(app, booking(place.slot, email="warga@contoh.id"))[0].value[0] for _ in range(4)]
    with app.app_context(), unit_of_work() as session:
        set_capacity(session, place.slot, 1)
    return place, ids


def told(app: Flask) -> list[int]:
    with app.app_context():
        rows = select(OutboxMessage.booking_id).where(OutboxMessage.kind == MessageKind.HOUR_CUT)
        return list(db.session().scalars(rows.order_by(OutboxMessage.booking_id)))


def test_each_is_told_once(app: Flask, crowded: tuple[Place, list[int]], clock: FixedClock) -> None:
    place, ids = crowded
    now = clock.now()
    together(
        app,
        *(telling(place, clock, minutes) for minutes in (1, 2, 3)),
        lambda session: reschedule(session, ids[3], place.slots[1][0], now=now).id,
    )
    assert set(ids[1:3]) <= set(told(app)) <= set(ids[1:])
    assert len(told(app)) == len(set(told(app)))
    assert findings(app).keys() == {"I14"}, "the hour was cut past the office's own ways"


def test_control_without_the_lock_of_the_booking_somebody_is_told_twice(
    app: Flask, crowded: tuple[Place, list[int]], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, ids = crowded
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(cut, "_to_tell", both_look(cut._to_tell))
    together(app, telling(place, clock, 1), telling(place, clock, 2))
    assert told(app) == sorted([*ids[1:], *ids[1:]])


def both_look(look: Callable[..., Any]) -> Callable[..., Any]:
    """Both have looked once more, after the lock that is not there, and neither has written."""
    of_thread, meet = threading.local(), Meeting(2).after(look)

    def double(session: Session, *arguments: Any, **keywords: Any) -> Any:
        again, of_thread.again = getattr(of_thread, "again", False), True
        return (meet if again else look)(session, *arguments, **keywords)

    return double
