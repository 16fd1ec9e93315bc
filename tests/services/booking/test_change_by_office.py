"""The office moves and cancels for people: no cut-off holds it, and it may give places of every share."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import BookingClosed, ChangeClosed, IllegalTransition, NotOpenYet, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.change import cancel, reschedule
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
OFFICER = Actor.staff(7)
HALF_PAST_EIGHT = datetime(2026, 11, 26, 8, 30, tzinfo=WIB)  # within their hour of Thursday
AFTERWARDS = HALF_PAST_EIGHT + timedelta(hours=2)


@pytest.mark.parametrize("now", [HALF_PAST_EIGHT, AFTERWARDS], ids=["within the hour", "after it"])
def test_no_cut_off_holds_the_office(session: Session, book: Book, slots: Slots, now: datetime, messages) -> None:
    moved, cancelled = book(), book()
    friday = slots(FRIDAY)[0].id
    with pytest.raises(ChangeClosed):
        reschedule(session, moved.id, friday, now=now)
    with pytest.raises(ChangeClosed):
        cancel(session, cancelled.id, now=now)
    session.rollback()
    with pytest.raises(ReasonRequired):
        cancel(session, cancelled.id, now=now, actor=OFFICER, by_office=True)
    reschedule(session, moved.id, friday, now=now, actor=OFFICER, by_office=True)
    cancel(session, cancelled.id, now=now, actor=OFFICER, reason="Sakit", by_office=True)
    session.commit()
    assert [slot.booked for slot in (slots()[0], slots(FRIDAY)[0])] == [0, 1]
    assert messages(moved)[-1] == "rescheduled"
    assert messages(cancelled)[-1] == "cancelled"


def test_who_has_come_is_neither_moved_nor_cancelled(
    session: Session, book: Book, slots: Slots, keyring: Keyring
) -> None:
    booking = book()
    token = keyring.ticket_token(booking.tickets[0].id)
    check_in(session, Scan(token, booking.tickets[0].office_id, None, "nonce"), keyring=keyring, now=HALF_PAST_EIGHT)
    session.commit()
    with pytest.raises(IllegalTransition):
        reschedule(session, booking.id, slots(FRIDAY)[0].id, now=HALF_PAST_EIGHT, by_office=True)
    with pytest.raises(IllegalTransition):
        cancel(session, booking.id, now=HALF_PAST_EIGHT, by_office=True, reason="Sakit")


def test_the_day_moved_to_is_one_the_office_books(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book(day=FRIDAY)
    far, thursday = slots(date(2026, 12, 3))[0].id, slots()[0].id
    with pytest.raises(NotOpenYet):
        reschedule(session, booking.id, far, now=clock.now(), by_office=True)
    with pytest.raises(BookingClosed):
        reschedule(session, booking.id, thursday, now=AFTERWARDS, by_office=True)
    reschedule(session, booking.id, thursday, now=HALF_PAST_EIGHT, by_office=True)  # the hour goes on
    assert [ticket.state for ticket in booking.tickets] == [TicketState.RESCHEDULED, TicketState.BOOKED]
