"""While the use of somebody's data is suspended nobody writes to them and nobody looks for them by who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import ProcessingSuspended
from queue_app.domain.finding import read_search
from queue_app.domain.keyring import Keyring
from queue_app.domain.reasons import ContactPurpose
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.domain.tickets import show_code
from queue_app.models import Booking, Office
from queue_app.queries.booking.search import search_tickets
from queue_app.services.booking.code_again import send_code_again
from queue_app.services.booking.contacts import reveal_contact
from queue_app.services.privacy.suspension import resume, suspend
from queue_app.services.records.outbox import queue_due_reminders
from tests.harness.factories import make_applicant
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.services.conftest import Book

SITI = make_applicant(4712, name="Siti Wahyuni")
BEFORE_THURSDAY = MONDAY_MORNING + timedelta(days=2, hours=8, minutes=1)  # Wednesday, 17.01


@pytest.fixture
def booking(session: Session, book: Book) -> Booking:
    return book(SITI, phone="+6281298765432", email="siti@contoh.id")


@pytest.fixture
def found(session: Session, office: Office, keyring: Keyring, clock: FixedClock) -> Callable[[str], int]:
    """How many tickets a search of the desk finds."""

    def find(typed: str) -> int:
        search = read_search(typed, lambda token: keyring.read_ticket_token(token))
        about = {"keyring": keyring, "today": date(2026, 11, 23), "now": clock.now()}
        return len(search_tickets(session, office.id, search, **about).lines)

    return find


def test_a_search_finds_them_by_what_they_bring_and_not_by_who_they_are(
    session: Session, booking: Booking, found: Callable[[str], int], clock: FixedClock
) -> None:
    by_person = ("siti wahyuni", SITI.nik.digits, "0812 9876 5432")
    by_ticket = (show_code(booking.code), "A-001")
    assert [found(typed) for typed in (*by_person, *by_ticket)] == [1] * 5
    suspend(session, booking.id, actor=CITIZEN, now=clock.now())
    assert [found(typed) for typed in by_person] == [0] * 3
    assert [found(typed) for typed in by_ticket] == [1] * 2
    resume(session, booking.id, actor=CITIZEN, now=clock.now())
    assert [found(typed) for typed in by_person] == [1] * 3


def test_no_reminder_and_no_code_is_queued(
    session: Session, booking: Booking, keyring: Keyring, clock: FixedClock, messages
) -> None:
    suspend(session, booking.id, actor=CITIZEN, now=clock.now())
    before = messages(booking)
    send_code_again(session, SITI.nik, keyring=keyring, now=clock.now())
    assert queue_due_reminders(session, now=BEFORE_THURSDAY) == 0
    assert messages(booking) == before
    resume(session, booking.id, actor=CITIZEN, now=clock.now())
    assert queue_due_reminders(session, now=BEFORE_THURSDAY) == 1


def test_nobody_is_shown_the_contact(
    session: Session, booking: Booking, office: Office, keyring: Keyring, clock: FixedClock
) -> None:
    by = {"office_id": office.id, "keyring": keyring, "actor": Actor.staff(1), "now": clock.now()}
    by["purpose"] = ContactPurpose.REACH
    assert reveal_contact(session, booking.id, **by).phone
    suspend(session, booking.id, actor=CITIZEN, now=clock.now())
    with pytest.raises(ProcessingSuspended):
        reveal_contact(session, booking.id, **by)


def test_suspending_twice_is_written_down_once(session: Session, booking: Booking, clock: FixedClock, audited) -> None:
    for _ in range(2):
        suspend(session, booking.id, actor=CITIZEN, now=clock.now())
    assert [entry.action for entry in audited()].count("data.suspended") == 1
