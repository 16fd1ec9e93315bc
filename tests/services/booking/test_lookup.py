"""Finding one's own ticket: by token, or by code and phone number, and nothing learnt by guessing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.tickets import show_code
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.lookup import ticket_of_code, ticket_of_token
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

PHONE = "+6281234567890"


class CountingKeyring:
    """Counts what is opened; the rest is the real keyring's."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self.opened = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._keyring, name)

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        self.opened += 1
        return self._keyring.open(sealed, bound_to=bound_to)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_token_finds_its_ticket(session: Session, book: Book, keyring: Keyring) -> None:
    (ticket,) = book().tickets
    token = keyring.ticket_token(ticket.id)
    assert ticket_of_token(session, token, keyring=keyring) is ticket
    assert ticket_of_token(session, token.lower(), keyring=keyring) is ticket


@pytest.mark.parametrize("token", ["", "0" * 34, "3314991703050001"])
def test_what_is_no_token_finds_nothing(session: Session, book: Book, keyring: Keyring, token: str) -> None:
    book()
    with pytest.raises(NotFound):
        ticket_of_token(session, token, keyring=keyring)


def test_a_genuine_token_of_no_ticket_finds_nothing(session: Session, keyring: Keyring) -> None:
    with pytest.raises(NotFound):
        ticket_of_token(session, keyring.ticket_token(4711), keyring=keyring)


@pytest.mark.parametrize("phone", ["081234567890", "0812-3456-7890", "+62 812 3456 7890"])
def test_code_and_phone_number_find_the_ticket(session: Session, book: Book, keyring: Keyring, phone: str) -> None:
    booking = book(phone=PHONE)
    for code in (booking.code, show_code(booking.code).lower()):
        assert ticket_of_code(session, code, phone, keyring=keyring) is booking.tickets[0]


def test_the_ticket_found_is_the_latest(
    session: Session, book: Book, slots: Slots, keyring: Keyring, clock: FixedClock
) -> None:
    booking = book(persons=2, phone=PHONE)
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.commit()
    first, *_others = [ticket for ticket in booking.tickets if ticket.replaced_by_id is None]
    assert ticket_of_code(session, booking.code, PHONE, keyring=keyring) is first
    assert latest_ticket(session, booking.tickets[0]) is first
    cancel(session, booking.id, now=clock.now())
    assert ticket_of_code(session, booking.code, PHONE, keyring=keyring) is first


def test_every_wrong_pair_gets_one_answer_for_the_same_work(session: Session, book: Book, keyring: Keyring) -> None:
    """Neither words nor work tell whether a code exists."""
    real, silent = book(phone=PHONE), book(phone=None, email="siti@example.id")
    wrong = [
        (real.code, "081299999999"),
        (real.code, ""),
        (real.code, "no number"),
        (silent.code, PHONE),
        ("2222-2222", PHONE),
        ("00000000", "0000000000"),
        ("00000000", "+620000000000"),
        ("not a code", PHONE),
        ("", ""),
        ("3314991703050001", PHONE),
    ]
    work = set()
    for code, phone in wrong:
        session.expunge_all()
        counting = CountingKeyring(keyring)
        with statements(session) as seen, pytest.raises(NotFound) as refusal:
            ticket_of_code(session, code, phone, keyring=counting)  # type: ignore[arg-type]
        assert refusal.value.details == {}
        work.add((len(seen), counting.opened))
    assert work == {(1, 1)}


def test_an_emptied_booking_is_found_by_nobody(session: Session, book: Book, keyring: Keyring) -> None:
    booking = book(phone=PHONE)
    booking.phone = None
    session.commit()
    with pytest.raises(NotFound):
        ticket_of_code(session, booking.code, PHONE, keyring=keyring)
