"""Which hours somebody who is helped can have, and what is left for those who simply come."""

from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Priority
from queue_app.models import OfficeService
from queue_app.queries.assisted.windows import walk_in_places, windows
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

KEPT = {Share.ASSISTED: 1, Share.PRIORITY: 1}

pytestmark = pytest.mark.offering(
    capacity=1, kept=KEPT, weekdays=(3, 4), opens_days_before=7, walk_ins_per_day=3, releases_at=time(8)
)


def test_the_places_of_an_hour_are_those_of_the_shares_that_are_open(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    def remaining(priority: Priority | None, places: int = 1) -> list[int]:
        found = windows(
            session, offering, rules=offering.booking_rules, priority=priority, now=clock.now(), places=places
        )
        return [window.remaining for window in found if window.day == THURSDAY]

    assert remaining(None) == [2, 2]
    assert remaining(Priority.VULNERABLE) == [3, 3]
    assert remaining(None, places=2) == []  # two people of one booking have places of one share
    public = next(slot for slot in slots_of(session, offering, THURSDAY) if slot.share is Share.PUBLIC)
    make_booking(session, public.id, keyring=keyring, now=clock.now())
    session.flush()
    assert remaining(None) == [1, 2]
    clock.set(public.starts_at)  # it has begun
    assert remaining(None) == [2]


def test_kept_places_go_to_those_who_come_once_they_are_released(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    first = slots_of(session, offering, THURSDAY)[0]
    clock.set(first.starts_at - timedelta(minutes=1))
    before = walk_in_places(session, offering, priority=None, now=clock.now())
    clock.set(first.starts_at)
    after = walk_in_places(session, offering, priority=None, now=clock.now())
    assert before.released_at == after.released_at == first.starts_at
    assert before.remaining < after.remaining == 6
    assert (after.numbers_left, after.available, after.starts_at) == (3, 3, first.starts_at)
    clock.advance(days=2)
    closed = walk_in_places(session, offering, priority=None, now=clock.now())
    assert (closed.open, closed.available, closed.starts_at) == (False, 0, None)
