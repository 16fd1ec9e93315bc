"""Booking a place: all or none, one number for one person, and every refusal."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.errors import (
    AlreadyBooked,
    BookingClosed,
    DayClosed,
    InvalidParty,
    NotFound,
    NotOpenYet,
    SlotFull,
)
from queue_app.domain.keyring import Keyring, bound_to
from queue_app.models import Booking, Office, OfficeService, OutboxMessage, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.book import book as store
from queue_app.services.booking.change import cancel
from queue_app.services.booking.request import BookingRequest
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER, make_applicant, make_booking, make_offering, make_office, make_service
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")


def test_a_place_is_taken_and_a_number_given(book: Book, slots: Slots, clock: FixedClock, office: Office) -> None:
    booking = book(email="siti@example.id")
    (ticket,) = booking.tickets
    assert (ticket.state, ticket.state_since, booking.created_at) == (TicketState.BOOKED, clock.now(), clock.now())
    assert (ticket.letter, ticket.queue_number, ticket.position) == ("A", 1, 0)
    assert (ticket.office_id, ticket.day) == (office.id, THURSDAY)
    assert ticket.starts_at == datetime(2026, 11, 26, 8, tzinfo=WIB)
    assert [slot.booked for slot in slots()] == [1, 0]


def test_a_confirmation_is_queued_and_the_step_is_audited(book: Book, messages, audited) -> None:
    booking = book()
    assert messages(booking) == ["confirmation"]
    (entry,) = audited()
    ticket = booking.tickets[0]
    assert (entry.actor, entry.action, entry.subject, entry.subject_id) == (
        "citizen",
        "ticket.booked",
        "ticket",
        ticket.id,
    )
    assert entry.before is None
    assert entry.after == {"state": "booked", "slot": ticket.slot_id, "number": 1}


@pytest.mark.parametrize("persons", [1, 2, 3, 4, 5])
def test_a_party_gets_consecutive_numbers_in_its_order(
    session: Session, clock: FixedClock, keyring: Keyring, slots: Slots, persons: int
) -> None:
    offering = make_offering(
        session, service=make_service(session, "IKD"), now=clock.now(), capacity=5, letter="B", opens_days_before=7
    )
    people = [make_applicant(name=f"Anggota {'ABCDE'[index]}") for index in range(persons)]
    slot = slots(of=offering)[1]
    booking = make_booking(session, slot.id, *people, keyring=keyring, now=clock.now())
    session.refresh(slot)
    assert [ticket.queue_number for ticket in booking.tickets] == list(range(11, 11 + persons))
    assert (slot.booked, slot.next_number) == (persons, 11 + persons)
    assert [ticket.position for ticket in booking.tickets] == list(range(persons))
    names = [
        keyring.open(ticket.name, bound_to=bound_to(booking.code, "name", ticket.position))  # type: ignore[arg-type]
        for ticket in booking.tickets
    ]
    assert names == [person.name for person in people]


def test_a_party_that_does_not_fit_gets_nothing(book: Book, slots: Slots, session: Session) -> None:
    book()
    with pytest.raises(SlotFull):
        book(persons=2)
    session.rollback()
    assert slots()[0].booked == 1
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    book()


@pytest.mark.parametrize("persons", [0, 6])
def test_a_party_has_one_to_five_persons(
    session: Session, slots: Slots, keyring: Keyring, clock: FixedClock, persons: int
) -> None:
    people = tuple(make_applicant() for _ in range(persons))
    request = BookingRequest(slots()[0].id, people, "+6281234567890", None, "id", None)
    with pytest.raises(InvalidParty):
        store(session, request, keyring=keyring, now=clock.now())


def test_nobody_is_twice_in_a_party(book: Book) -> None:
    siti = make_applicant()
    with pytest.raises(InvalidParty):
        book(siti, make_applicant(), siti)


def test_a_full_window_is_refused_and_the_next_one_is_not(book: Book) -> None:
    book(persons=2)
    with pytest.raises(SlotFull):
        book()
    assert book(window=1).tickets[0].queue_number == 11


def test_the_booking_hours_are_kept(session: Session, book: Book, clock: FixedClock) -> None:
    clock.set(datetime(2026, 11, 25, 16, tzinfo=WIB))
    with pytest.raises(BookingClosed):
        book()
    clock.set(datetime(2026, 11, 19, 6, 59, 59, tzinfo=WIB))
    with pytest.raises(NotOpenYet):
        book()
    clock.set(datetime(2026, 11, 19, 7, tzinfo=WIB))
    assert book()


def test_no_window_is_sold_once_it_has_begun(
    session: Session, book: Book, clock: FixedClock, offering: OfficeService
) -> None:
    offering.closes_days_before = 0
    clock.set(datetime(2026, 11, 26, 8, tzinfo=WIB))
    with pytest.raises(BookingClosed):
        book()
    assert book(window=1)


def test_a_closed_day_is_refused_even_when_it_is_full(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    close_day(
        session, slots()[0].service_day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=clock.now()
    )
    for window in (0, 1):
        with pytest.raises(DayClosed):
            book(window=window)


def test_one_active_ticket_per_person_and_service(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    siti = make_applicant()
    first = book(siti)
    for day in (THURSDAY, FRIDAY):
        with pytest.raises(AlreadyBooked) as refusal:
            book(make_applicant(), siti, day=day, window=1)
        assert refusal.value.details == {}  # nothing about the other ticket is told
    session.rollback()
    assert slots(FRIDAY)[1].booked == 0
    cancel(session, first.id, now=clock.now())
    assert book(siti, day=FRIDAY)


def test_another_service_may_be_booked_beside_it(session: Session, book: Book, clock: FixedClock) -> None:
    siti = make_applicant()
    book(siti)
    other = make_offering(
        session, service=make_service(session, "KK_UBAH"), now=clock.now(), letter="B", opens_days_before=7
    )
    assert book(siti, of=other).tickets[0].letter == "B"


def test_the_same_service_at_another_office_may_not(session: Session, book: Book, clock: FixedClock) -> None:
    siti = make_applicant()
    book(siti)
    other = make_offering(session, make_office(session, "gemolong"), now=clock.now(), opens_days_before=7)
    with pytest.raises(AlreadyBooked):
        book(siti, of=other)


def test_who_has_come_may_book_again(session: Session, book: Book, keyring: Keyring, clock: FixedClock) -> None:
    """A recording that failed at the booth has to be repeated, tomorrow if need be."""
    siti = make_applicant()
    booking = book(siti)
    ticket = booking.tickets[0]
    token = keyring.ticket_token(ticket.id)
    scan = Scan(token, ticket.office_id, None, "nonce-1")
    check_in(session, scan, keyring=keyring, now=datetime(2026, 11, 26, 8, tzinfo=WIB))
    assert book(siti, day=FRIDAY)


def test_a_slot_that_is_not_offered_is_not_found(
    session: Session, slots: Slots, book: Book, keyring: Keyring, clock: FixedClock, offering: OfficeService
) -> None:
    slot_id = slots()[0].id
    for wrong in (
        {"slot_id": slot_id + 10_000},
        {"slot_id": slot_id, "share": Share.PRIORITY},
    ):
        with pytest.raises(NotFound):
            make_booking(session, keyring=keyring, now=clock.now(), **wrong)  # type: ignore[arg-type]
    offering.active = False
    session.flush()
    with pytest.raises(NotFound):
        book()


def test_a_repeated_request_gets_the_booking_it_made(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    siti = make_applicant()
    first = book(siti, request_key="the-same-key")
    clock.set(datetime(2026, 11, 26, 9, tzinfo=WIB))  # even when by now it would be refused
    assert book(siti, request_key="the-same-key") is first
    assert slots()[0].booked == 1
    assert session.scalar(select(func.count()).select_from(Booking)) == 1
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
