"""A closure taken back: the hours open again, and each hears what became of their place."""

from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import InvalidClosure, OfferState
from queue_app.domain.errors import ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService, ServiceDay
from queue_app.services.booking.answering import accept
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.carrying_out import closures_to_carry_out
from queue_app.services.calendar.closures import revoke
from tests.harness.closing import assert_sound, carry_out_all, closed, offers_of
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY_AFTER = THURSDAY + timedelta(days=4)
AFTERNOON = (time(9), time(12))


def test_revoked_who_has_not_moved_keeps_the_place_and_who_has_is_offered_it_back(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, messages
) -> None:
    stays, moves, elsewhere, leaves = book(), book(), book(window=1), book(window=1)
    closure = closed(session, offering, THURSDAY, now=clock.now())
    accept(session, moves.id, now=clock.now())
    reschedule(session, elsewhere.id, slots(MONDAY_AFTER)[0].id, now=clock.now())
    cancel(session, leaves.id, now=clock.now())
    session.commit()
    clock.advance(hours=1)
    revoke(session, closure.id, office_id=offering.office_id, reason="Listrik nyala", actor=TESTER, now=clock.now())
    assert all(slot.accepts and slot.closure_id is None for slot in slots())
    assert closures_to_carry_out(session) == [closure.id]
    carry_out_all(session, closure, now=clock.now(), limit=1)
    assert closures_to_carry_out(session) == []
    states = {offer.booking_id: offer.state for offer in offers_of(session, closure)}
    assert states == {
        stays.id: OfferState.KEPT,
        moves.id: OfferState.OFFERED_BACK,
        elsewhere.id: OfferState.OFFERED_BACK,
        leaves.id: OfferState.CANCELLED,
    }
    assert [slot.booked for slot in slots()] == [1, 0]
    assert [slot.booked for slot in slots(FRIDAY)] == [1, 0], "the one who accepted"
    for booking, told in ((stays, 1), (moves, 1), (elsewhere, 1), (leaves, 0)):
        assert messages(booking).count("day_opened") == told
    accept(session, moves.id, now=clock.now())
    session.commit()
    back = max(moves.tickets, key=lambda ticket: ticket.id)
    assert (back.slot_id, back.state) == (slots()[0].id, TicketState.BOOKED)
    assert [slot.booked for slot in slots(FRIDAY)] == [0, 0]
    assert_sound(session, keyring, clock)


def test_what_two_closures_cover_is_open_when_both_are_revoked(
    session: Session, day: ServiceDay, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    part = closed(session, offering, THURSDAY, now=clock.now(), hours=AFTERNOON)
    whole = closed(session, offering, THURSDAY, now=clock.now())
    assert [slot.closure_id for slot in slots()] == [whole.id, part.id]
    by = {"office_id": offering.office_id, "reason": "Jadi buka", "actor": TESTER, "now": clock.now()}
    revoke(session, part.id, **by)
    assert [slot.closure_id for slot in slots()] == [whole.id, whole.id]
    assert_sound(session, keyring, clock)
    revoke(session, whole.id, **by)
    session.refresh(day)
    assert day.status is DayStatus.OPEN
    assert all(slot.accepts for slot in slots())
    with pytest.raises(InvalidClosure):
        revoke(session, whole.id, **by)


def test_a_reason_must_be_there_and_name_nobody(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    closure = closed(session, offering, THURSDAY, now=clock.now())
    for reason in ("", "x", "untuk 3314991703050001"):
        with pytest.raises(ReasonRequired):
            revoke(session, closure.id, office_id=offering.office_id, reason=reason, actor=TESTER, now=clock.now())
