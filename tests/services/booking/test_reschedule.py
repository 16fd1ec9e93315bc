"""Moving a booking: the same code, a new number and token, and the old ones say so."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import (
    BookingClosed,
    ChangeClosed,
    DayClosed,
    IllegalTransition,
    NotFound,
    NotOpenYet,
    SlotFull,
)
from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService, Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER, make_applicant, make_offering, make_office, make_service, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
CUT_OFF = datetime(2026, 11, 25, 12, tzinfo=WIB)


def test_a_moved_booking_keeps_its_code_and_gets_new_numbers(
    session: Session, book: Book, slots: Slots, clock: FixedClock, keyring: Keyring, messages, audited
) -> None:
    booking = book(persons=2)
    code = booking.code
    old = [(ticket.id, keyring.ticket_token(ticket.id)) for ticket in booking.tickets]
    clock.advance(minutes=1)
    assert reschedule(session, booking.id, slots(FRIDAY)[1].id, now=clock.now()) is booking
    session.commit()
    assert booking.code == code
    before = [session.get_one(Ticket, ticket_id) for ticket_id, _ in old]
    after = [session.get_one(Ticket, ticket.replaced_by_id) for ticket in before]
    assert [ticket.state for ticket in before] == [TicketState.RESCHEDULED] * 2
    assert [(ticket.state, ticket.day, ticket.queue_number) for ticket in after] == [
        (TicketState.BOOKED, FRIDAY, 11),
        (TicketState.BOOKED, FRIDAY, 12),
    ]
    assert [ticket.position for ticket in after] == [ticket.position for ticket in before]
    assert [ticket.person_index for ticket in after] == [ticket.person_index for ticket in before]
    assert {keyring.ticket_token(ticket.id) for ticket in after}.isdisjoint(token for _, token in old)
    assert messages(booking) == ["confirmation", "rescheduled"]
    steps = [(entry.action, entry.subject_id) for entry in audited()[2:]]
    assert sorted(steps) == sorted(
        [("ticket.rescheduled", ticket.id) for ticket in before] + [("ticket.booked", ticket.id) for ticket in after]
    )


def test_the_old_place_comes_back_and_the_new_one_is_taken(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book(persons=2)
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    assert [slot.booked for slot in slots(THURSDAY) + slots(FRIDAY)] == [0, 0, 2, 0]
    assert book(persons=2).tickets[0].queue_number == 3


def test_moving_back_and_forth_never_gives_a_number_twice(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book()
    for turn in range(1, 13):
        reschedule(session, booking.id, slots()[turn % 2].id, now=clock.now())
    session.commit()
    numbers = [ticket.queue_number for ticket in booking.tickets]
    assert len(numbers) == len(set(numbers)) == 13
    assert [ticket.state for ticket in booking.tickets].count(TicketState.BOOKED) == 1
    assert latest_ticket(session, booking.tickets[0]) is booking.tickets[-1]


def test_moving_to_where_it_is_changes_nothing(
    session: Session, book: Book, slots: Slots, clock: FixedClock, messages
) -> None:
    booking = book()
    reschedule(session, booking.id, slots()[0].id, now=clock.now())
    assert [ticket.queue_number for ticket in booking.tickets] == [1]
    assert messages(booking) == ["confirmation"]


def test_two_full_windows_can_still_be_swapped_one_after_the_other(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    early, late = book(persons=2), book(window=1)
    first, second = (slot.id for slot in slots())
    with pytest.raises(SlotFull):
        reschedule(session, early.id, second, now=clock.now())
    session.rollback()
    assert [ticket.state for ticket in early.tickets] == [TicketState.BOOKED] * 2
    with pytest.raises(SlotFull):
        reschedule(session, late.id, first, now=clock.now())
    session.rollback()
    free = slots(FRIDAY)[0].id
    for booking, slot_id in ((late, free), (early, second), (late, first)):
        reschedule(session, booking.id, slot_id, now=clock.now())
    assert [slot.booked for slot in slots()] == [1, 2]


def test_the_booking_rules_of_the_new_day_are_kept(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book(day=FRIDAY)
    with pytest.raises(NotOpenYet):
        reschedule(session, booking.id, slots(datetime(2026, 12, 3).date())[0].id, now=clock.now())  # noqa: DTZ001
    with pytest.raises(BookingClosed):
        reschedule(session, booking.id, slots()[0].id, now=datetime(2026, 11, 25, 16, tzinfo=WIB))
    close_day(session, slots()[0].service_day_id, reason_id="Pelatihan", reason_en="", actor=TESTER, now=clock.now())
    with pytest.raises(DayClosed):
        reschedule(session, booking.id, slots()[0].id, now=clock.now())


def test_the_cut_off_ends_moving_to_another_day_and_not_to_another_hour(
    session: Session, book: Book, slots: Slots
) -> None:
    """Within the day one may move until the hour of arrival, whatever the cut-off for booking says."""
    booking = book()
    with pytest.raises(ChangeClosed) as refusal:
        reschedule(session, booking.id, slots(FRIDAY)[0].id, now=CUT_OFF)
    assert refusal.value.details == {"closed_at": CUT_OFF}
    evening = datetime(2026, 11, 25, 20, tzinfo=WIB)  # booking of the day closed at 16.00
    reschedule(session, booking.id, slots()[1].id, now=evening)
    assert [slot.booked for slot in slots()] == [0, 1]
    begun = slots()[0].starts_at
    with pytest.raises(BookingClosed):
        reschedule(session, booking.id, slots()[0].id, now=begun)
    with pytest.raises(ChangeClosed):
        reschedule(session, booking.id, slots()[0].id, now=slots()[1].starts_at)


def test_a_closed_day_is_left_whenever_one_likes(session: Session, book: Book, slots: Slots, clock: FixedClock) -> None:
    booking = book()
    friday = slots(FRIDAY)[0].id
    close_day(
        session, slots()[0].service_day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=clock.now()
    )
    reschedule(session, booking.id, friday, now=CUT_OFF)
    assert [slot.booked for slot in (slots()[0], slots(FRIDAY)[0])] == [0, 1]


def test_another_office_with_the_same_service_will_do(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    other = make_offering(session, make_office(session, "gemolong"), now=clock.now(), letter="C", opens_days_before=7)
    booking = book()
    reschedule(session, booking.id, slots(FRIDAY, other)[0].id, now=clock.now())
    session.commit()
    ticket = booking.tickets[-1]
    assert (ticket.office_id, ticket.letter, ticket.state) == (other.office_id, "C", TicketState.BOOKED)


def test_another_service_will_not(session: Session, book: Book, clock: FixedClock) -> None:
    other = make_offering(
        session, service=make_service(session, "KK_UBAH"), now=clock.now(), letter="B", opens_days_before=7
    )
    with pytest.raises(NotFound):
        reschedule(session, book().id, slots_of(session, other, FRIDAY)[0].id, now=clock.now())


def test_what_is_cancelled_or_unknown_cannot_be_moved(
    session: Session, book: Book, slots: Slots, clock: FixedClock, offering: OfficeService
) -> None:
    booking = book(make_applicant())
    cancel(session, booking.id, now=clock.now())
    with pytest.raises(IllegalTransition):
        reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    for booking_id, slot_id in ((4711, slots()[0].id), (book().id, 4711)):
        with pytest.raises(NotFound):
            reschedule(session, booking_id, slot_id, now=clock.now())
