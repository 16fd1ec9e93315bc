"""An hour cut under people: they keep their place, hear of it once, and may move."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reminders import MessageKind
from queue_app.models import AuditEntry, Booking, MessageState, OfficeService, OutboxMessage, Slot
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.places import set_capacity
from queue_app.services.calendar.cut import tell_of_cut
from queue_app.services.records import outbox
from tests.harness.factories import TESTER
from tests.harness.fakes import THURSDAY, FixedClock
from tests.services.conftest import Book, Slots


@pytest.fixture
def tell(session: Session, offering: OfficeService, clock: FixedClock):
    def tell() -> int:
        told = tell_of_cut(session, offering.id, actor=TESTER, now=clock.now())
        session.commit()
        return told

    return tell


@pytest.fixture
def crowd(session: Session, book: Book, slots: Slots, clock: FixedClock):
    """Three bookings in the first hour of Thursday, whose places are cut to so many."""

    def crowd(places: int) -> tuple[Slot, list[Booking]]:
        slot = slots(THURSDAY)[0]
        set_capacity(session, slot.id, 3)
        bookings = [book(email=f"warga{number}@contoh.id") for number in range(3)]
        set_capacity(session, slot.id, places)
        session.commit()
        clock.advance(minutes=1)
        return slot, bookings

    return crowd


def messages(session: Session) -> list[OutboxMessage]:
    found = select(OutboxMessage).where(OutboxMessage.kind == MessageKind.HOUR_CUT).order_by(OutboxMessage.id)
    return list(session.scalars(found.execution_options(populate_existing=True)).unique())


def test_those_who_booked_last_are_told_once_and_keep_their_place(session: Session, tell, crowd) -> None:
    slot, (_first, second, third) = crowd(1)
    assert [tell(), tell()] == [2, 0]
    assert [row.booking_id for row in messages(session)] == [second.id, third.id]
    session.refresh(slot)
    assert (slot.accepts, slot.booked) == (True, 3)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "hour.cut_told").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in entries] == [{"bookings": 2}]


@pytest.mark.parametrize("places", [0, 3])
def test_nobody_is_told_of_an_hour_that_was_dropped_or_has_room(session: Session, tell, crowd, places: int) -> None:
    crowd(places)
    assert (tell(), messages(session)) == (0, [])


def test_whoever_holds_another_place_since_is_told_of_that_one(
    session: Session, tell, crowd, slots: Slots, clock: FixedClock
) -> None:
    _slot, (_first, _second, third) = crowd(2)
    assert tell() == 1
    clock.advance(minutes=1)
    later = slots(THURSDAY)[1]
    reschedule(session, third.id, later.id, now=clock.now())
    session.commit()
    assert tell() == 0
    clock.advance(minutes=1)
    set_capacity(session, later.id, 2)
    session.commit()
    assert tell() == 0, "two places are enough for one"


def test_it_is_not_sent_when_enough_have_left(session: Session, tell, crowd, clock: FixedClock) -> None:
    _slot, (first, _second, third) = crowd(2)
    tell()
    (row,) = messages(session)
    assert row.booking_id == third.id
    assert not outbox.is_overtaken(session, row, now=clock.now())
    cancel(session, first.id, now=clock.now())
    session.commit()
    session.expire_all()
    assert outbox.is_overtaken(session, row, now=clock.now())


def test_what_was_overtaken_may_be_told_when_it_is_true_again(session: Session, tell, crowd, clock: FixedClock) -> None:
    slot, _bookings = crowd(2)
    tell()
    (row,) = messages(session)
    row.state = MessageState.OVERTAKEN
    session.commit()
    assert tell() == 0, "in the same moment it is the same message"
    clock.advance(minutes=1)
    set_capacity(session, slot.id, 1)
    session.commit()
    assert tell() == 2


def test_once_the_hour_has_begun_it_is_too_late(session: Session, tell, crowd, clock: FixedClock) -> None:
    slot, _bookings = crowd(2)
    tell()
    clock.set(slot.starts_at)
    (row,) = messages(session)
    assert outbox.is_overtaken(session, row, now=clock.now())
    row.state = MessageState.OVERTAKEN
    session.commit()
    assert tell() == 0


def test_nobody_is_written_to_whom_no_message_reaches(session: Session, tell, crowd) -> None:
    _slot, (_first, second, third) = crowd(1)
    second.email = None
    session.commit()
    assert tell() == 1
    assert [row.booking_id for row in messages(session)] == [third.id]


def test_a_service_that_does_not_exist(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        tell_of_cut(session, 999, actor=TESTER, now=clock.now())
