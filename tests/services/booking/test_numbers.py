"""Queue numbers rise with the hours, and none is ever given twice."""

from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Ticket
from queue_app.services.booking.change import cancel
from tests.harness.fakes import FixedClock
from tests.services.conftest import Book, Slots


def test_numbers_rise_with_the_hours_whatever_the_order_of_booking(book: Book, session: Session) -> None:
    for window in (1, 0, 1, 0):
        book(window=window)
    rows = session.execute(select(Ticket.queue_number).order_by(Ticket.starts_at, Ticket.id)).scalars().all()
    assert rows == [1, 2, 11, 12]


def test_a_number_is_never_given_twice_even_when_cancellations_use_up_the_block(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    numbers = []
    for turn in range(24):
        booking = book(window=turn % 2)
        numbers.append(booking.tickets[0].queue_number)
        cancel(session, booking.id, now=clock.now())
    assert len(set(numbers)) == 24
    first_window, second_window = numbers[::2], numbers[1::2]
    assert first_window[:10] == list(range(1, 11))
    assert second_window[:10] == list(range(11, 21))
    assert min(first_window[10:] + second_window[10:]) > 20  # from further blocks above all others
    for window in (first_window, second_window):
        assert all(earlier < later for earlier, later in pairwise(window))
    blocks = sorted((slot.next_number, slot.last_number) for slot in slots())
    assert blocks[0][1] < blocks[1][0]


def test_a_party_that_no_longer_fits_into_the_block_gets_consecutive_numbers_of_the_next(
    session: Session, book: Book, clock: FixedClock
) -> None:
    for _ in range(9):
        cancel(session, book().id, now=clock.now())
    numbers = [ticket.queue_number for ticket in book(persons=2).tickets]
    assert numbers == [21, 22]  # not 10 and 21
