"""A one-time code: sent to the booking's own contact, short-lived, of few tries, and good for one booking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import CODE_AGAIN_AFTER, CODE_BY_HAND_LASTS, CODE_LASTS, CODE_TRIES, STAYS_OPEN
from queue_app.domain.keyring import Keyring
from queue_app.models import Booking, DataProof
from queue_app.queries.privacy.proofs import stands_open
from queue_app.services.privacy.proof import close_door, send_data_code, try_code
from queue_app.services.records.retention import purge
from tests.harness.fakes import FixedClock
from tests.services.conftest import Book
from tests.services.privacy.conftest import CodeOf

WRONG = "0000 0000 9"


@pytest.fixture
def sent(session: Session, booked: Booking, clock: FixedClock) -> Booking:
    send_data_code(session, booked, now=clock.now())
    session.commit()
    return booked


def test_the_code_opens_the_booking_once(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock, messages
) -> None:
    code = newest_code(sent)
    assert messages(sent)[-1] == "data_code"
    assert try_code(session, sent, WRONG, keyring=keyring, now=clock.now()) is None
    key = try_code(session, sent, f"{code[:4]} {code[4:]}", keyring=keyring, now=clock.now())
    assert key
    assert stands_open(session, sent.id, key, now=clock.now())
    assert try_code(session, sent, code, keyring=keyring, now=clock.now()) is None  # used


def test_neither_code_nor_key_lies_in_the_database(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock
) -> None:
    code = newest_code(sent)
    key = try_code(session, sent, code, keyring=keyring, now=clock.now()) or ""
    proof = session.scalars(select(DataProof)).one()
    session.refresh(proof)
    stored = [str(value).encode() if not isinstance(value, bytes) else value for value in vars(proof).values()]
    assert len(key) > 40
    assert not any(code.encode() in value or key.encode() in value for value in stored)


def test_five_tries_and_the_right_one_comes_too_late(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock
) -> None:
    for _ in range(CODE_TRIES):
        assert try_code(session, sent, WRONG, keyring=keyring, now=clock.now()) is None
    assert try_code(session, sent, newest_code(sent), keyring=keyring, now=clock.now()) is None


def test_a_code_is_good_for_half_an_hour(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock
) -> None:
    clock.advance(seconds=CODE_LASTS.total_seconds())
    assert try_code(session, sent, newest_code(sent), keyring=keyring, now=clock.now()) is None


def test_to_a_telephone_number_somebody_has_to_send_it_so_it_lasts_longer(
    session: Session, book: Book, newest_code: CodeOf, keyring: Keyring, clock: FixedClock
) -> None:
    booking = book()
    send_data_code(session, booking, now=clock.now())
    clock.advance(seconds=CODE_BY_HAND_LASTS.total_seconds() - 1)
    assert try_code(session, booking, newest_code(booking), keyring=keyring, now=clock.now())


def test_a_code_of_another_booking_opens_nothing(
    session: Session, sent: Booking, book: Book, newest_code: CodeOf, keyring: Keyring, clock: FixedClock
) -> None:
    other = book(email="budi@contoh.id")
    send_data_code(session, other, now=clock.now())
    assert newest_code(other) != newest_code(sent)
    assert try_code(session, sent, newest_code(other), keyring=keyring, now=clock.now()) is None
    key = try_code(session, other, newest_code(other), keyring=keyring, now=clock.now()) or ""
    assert not stands_open(session, sent.id, key, now=clock.now())


def test_within_ten_minutes_one_code_and_then_a_new_one_that_alone_is_good(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock, messages
) -> None:
    first = newest_code(sent)
    send_data_code(session, sent, now=clock.now())
    assert messages(sent).count("data_code") == 1
    send_data_code(session, sent, now=clock.advance(seconds=CODE_AGAIN_AFTER.total_seconds()))
    assert messages(sent).count("data_code") == 2
    assert try_code(session, sent, first, keyring=keyring, now=clock.now()) is None
    assert try_code(session, sent, newest_code(sent), keyring=keyring, now=clock.now())


def test_without_a_contact_nothing_is_sent_and_no_code_is_good(
    session: Session, book: Book, keyring: Keyring, clock: FixedClock
) -> None:
    booking = book(phone=None)
    send_data_code(session, booking, now=clock.now())
    assert session.scalar(select(func.count()).select_from(DataProof)) == 0
    assert try_code(session, booking, "00000000", keyring=keyring, now=clock.now()) is None


@pytest.mark.parametrize("closing", [True, False], ids=["closed", "left alone"])
def test_the_door_shuts(
    session: Session, sent: Booking, newest_code: CodeOf, keyring: Keyring, clock: FixedClock, closing: bool
) -> None:
    key = try_code(session, sent, newest_code(sent), keyring=keyring, now=clock.now()) or ""
    if closing:
        close_door(session, sent.id, now=clock.now())
    else:
        clock.advance(seconds=STAYS_OPEN.total_seconds())
    assert not stands_open(session, sent.id, key, now=clock.now())


def test_what_was_used_for_it_is_forgotten_after_a_day(session: Session, sent: Booking, clock: FixedClock) -> None:
    expired = clock.now() + CODE_LASTS
    for past, left in ((timedelta(days=1), 1), (timedelta(days=1, seconds=1), 0)):
        purge(session, retention=timedelta(days=90), now=expired + past)
        assert session.scalar(select(func.count()).select_from(DataProof)) == left
