"""The booking code once more: to the address that was given, one message an hour, whoever asks."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.identity import Nik
from queue_app.domain.reminders import MessageKind
from queue_app.models import AuditEntry, OutboxMessage
from queue_app.services.booking.change import cancel
from queue_app.services.booking.code_again import send_code_again
from tests.harness.factories import make_applicant, make_nik
from tests.harness.fakes import FixedClock
from tests.services.conftest import Book


def queued(session: Session) -> list[int]:
    """The bookings whose code is to be sent."""
    query = select(OutboxMessage.booking_id).where(OutboxMessage.kind == MessageKind.CODE_AGAIN)
    return list(session.scalars(query.order_by(OutboxMessage.id)))


def ask(session: Session, nik: Nik, keyring: FileKeyring, clock: FixedClock) -> None:
    send_code_again(session, nik, keyring=keyring, now=clock.now())
    session.commit()


def test_asked_ten_times_in_an_hour_it_is_one_message(
    session: Session, book: Book, keyring: FileKeyring, clock: FixedClock
) -> None:
    person = make_applicant()
    booking = book(person, email="siti@contoh.id")
    hour = clock.now().replace(minute=0)
    clock.advance(seconds=(hour + timedelta(hours=1) - clock.now()).total_seconds())
    for _ in range(10):
        ask(session, person.nik, keyring, clock)
        clock.advance(minutes=5)
    assert queued(session) == [booking.id]
    (entry,) = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "booking.code_again").order_by(AuditEntry.id)
    )
    assert (entry.subject, entry.subject_id, entry.actor) == ("booking", booking.id, "citizen")
    clock.advance(minutes=20)
    ask(session, person.nik, keyring, clock)
    assert queued(session) == [booking.id] * 2


def test_any_person_of_a_party_is_found_and_nobody_else(
    session: Session, book: Book, keyring: FileKeyring, clock: FixedClock
) -> None:
    parent, child = make_applicant(), make_applicant()
    booking = book(parent, child, email="siti@contoh.id")
    book(make_applicant(), window=1, email="budi@contoh.id")
    ask(session, make_nik(), keyring, clock)
    assert queued(session) == []
    ask(session, child.nik, keyring, clock)
    assert queued(session) == [booking.id]


def test_nothing_is_sent_of_what_is_over_nor_where_there_is_no_address(
    session: Session, book: Book, keyring: FileKeyring, clock: FixedClock
) -> None:
    cancelled, without = make_applicant(), make_applicant()
    cancel(session, book(cancelled, email="siti@contoh.id").id, now=clock.now())
    book(without)
    for person in (cancelled, without):
        ask(session, person.nik, keyring, clock)
    assert queued(session) == []
