"""Personal data is stored sealed, bound to its row and column."""

from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.identity import parse_nik
from queue_app.domain.keyring import Keyring, bound_to, person_of
from queue_app.models import Booking
from queue_app.services.booking.change import reschedule
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

SITI = Applicant("Siti Wahyuni", parse_nik("3314994107900001"))


def test_what_was_stored_is_read_back(book: Book, keyring: Keyring) -> None:
    booking = book(SITI, phone="+6281234567890", email="siti@example.id")
    assert booking.phone is not None
    assert booking.email is not None
    assert keyring.open(booking.phone, bound_to=bound_to(booking.code, "phone")) == "+6281234567890"
    assert keyring.open(booking.email, bound_to=bound_to(booking.code, "email")) == "siti@example.id"
    siti = person_of(booking.tickets[0], booking.code, keyring)
    assert (siti.name, siti.nik) == ("Siti Wahyuni", SITI.nik)


def test_nothing_is_sealed_where_nothing_was_given(book: Book) -> None:
    booking = book(phone=None, email=None)
    assert booking.phone is None
    assert booking.email is None


def test_the_same_value_never_looks_the_same_twice(book: Book, session: Session, keyring: Keyring) -> None:
    first, second = book(phone="+6281234567890"), book(phone="+6281234567890")
    assert first.phone != second.phone
    assert keyring.seal("x", bound_to="a") != keyring.seal("x", bound_to="a")


def test_values_swapped_between_rows_do_not_open(book: Book, keyring: Keyring) -> None:
    """Who can write to the database must not be able to hand one person's ticket to another."""
    bookings = book(persons=2), book(window=1)
    tickets = [ticket for booking in bookings for ticket in booking.tickets]
    for mine, other in permutations(tickets, 2):
        for column in ("nik", "name"):
            with pytest.raises(ValueError, match="not sealed for this row"):
                keyring.open(getattr(other, column), bound_to=bound_to(mine.booking.code, column, mine.position))


def test_values_swapped_between_columns_do_not_open(book: Book, keyring: Keyring) -> None:
    booking = book(email="siti@example.id")
    (ticket,) = booking.tickets
    wrong = [
        (ticket.nik, bound_to(booking.code, "name", 0)),
        (ticket.name, bound_to(booking.code, "nik", 0)),
        (booking.phone, bound_to(booking.code, "email")),
        (booking.email, bound_to(booking.code, "phone")),
        (ticket.nik, bound_to(booking.code, "nik")),
    ]
    for sealed, place in wrong:
        assert sealed is not None
        with pytest.raises(ValueError, match="not sealed for this row"):
            keyring.open(sealed, bound_to=place)


def test_an_altered_value_does_not_open(book: Book, keyring: Keyring) -> None:
    booking: Booking = book()
    sealed = booking.phone
    assert sealed is not None
    place = bound_to(booking.code, "phone")
    for broken in (b"", sealed[:12], sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), bytes([99]) + sealed[1:]):
        with pytest.raises(ValueError, match="sealed"):
            keyring.open(broken, bound_to=place)


def test_a_moved_ticket_still_opens(
    session: Session, book: Book, slots: Slots, keyring: Keyring, clock: FixedClock
) -> None:
    booking = book(SITI, make_applicant(name="Budi Santoso"))
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.commit()
    names = [person_of(ticket, booking.code, keyring).name for ticket in booking.tickets]
    assert names == ["Siti Wahyuni"] * 2 + ["Budi Santoso"] * 2


def test_the_person_index_is_keyed_and_the_same_for_the_same_number(book: Book, keyring: Keyring) -> None:
    import hashlib

    (ticket,) = book(SITI).tickets
    assert ticket.person_index == keyring.person_index(SITI.nik.digits)
    assert ticket.person_index != hashlib.sha256(SITI.nik.digits.encode()).digest()
