"""A closure of the size that a real office had: 800 bookings are looked through and carried out while people wait."""

import os
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.closures import OfferState
from queue_app.domain.keyring import Keyring
from queue_app.models import OutboxMessage
from queue_app.queries.calendar.closures import preview_closure
from queue_app.services.calendar.closures import confirm
from tests.harness.closing import assert_sound, carry_out_all, drafted, offers_of
from tests.harness.factories import TESTER, make_booking, make_offering, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

PEOPLE = 800
PREVIEW, CARRIED_OUT = 2.0, 10.0  # seconds


def seconds(act: Callable[[], object]) -> float:
    """As long as it takes on a machine with nothing else to do: the rest of the tests runs beside this one."""
    begun, crowd = time.perf_counter(), max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    act()
    return (time.perf_counter() - begun) / crowd


@pytest.mark.slow
def test_eight_hundred_bookings(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    offering = make_offering(session, now=clock.now(), capacity=PEOPLE // 8, hours=tuple(range(8, 16)))
    slots = slots_of(session, offering, THURSDAY)
    for number in range(PEOPLE):
        make_booking(session, slots[number % 8].id, keyring=keyring, now=clock.now())
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    session.commit()
    now = clock.now()
    previewed = seconds(lambda: preview_closure(session, closure, now=now))
    preview = preview_closure(session, closure, now=now)
    assert (preview.persons, preview.placed) == (PEOPLE, PEOPLE)
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=now)
    carried_out = seconds(lambda: carry_out_all(session, closure, now=now))
    offers = offers_of(session, closure)
    assert Counter(offer.state for offer in offers) == {OfferState.OPEN: PEOPLE}
    assert [offer.slot.starts_at for offer in offers] == [move.place.starts_at for move in preview.moves]
    told = Counter(session.scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "day_closed")))
    assert set(told.values()) == {1}
    assert len(told) == PEOPLE
    assert_sound(session, keyring, clock)
    assert previewed < PREVIEW
    assert carried_out < CARRIED_OUT
