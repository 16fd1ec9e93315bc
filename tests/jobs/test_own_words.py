"""Messages go out in the words of the office where it has some, as they are when they are sent."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.reminders import MessageKind
from queue_app.domain.tickets import show_code
from queue_app.jobs.messages import Letter
from queue_app.models import Booking
from queue_app.services.texts.messages import unword_message, word_message
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock

Book = Callable[..., Booking]
BODY = (
    "Halo {nomor} ({kode}).\n\n{layanan}\n{hari}, {jam}\n{kantor}, {alamat}\n{peta}\n\nBawa:\n{syarat}\n\n"
    "{tautan}\n\n{perubahan}"
)
TOLD_OF_TICKETS = (
    MessageKind.CONFIRMATION,
    MessageKind.RESCHEDULED,
    MessageKind.REMINDER_DAY_BEFORE,
    MessageKind.REMINDER_SAME_DAY,
)


@pytest.mark.parametrize("kind", TOLD_OF_TICKETS)
def test_the_office_speaks_for_itself(
    write: Callable[..., Letter],
    book: Book,
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    kind: MessageKind,
) -> None:
    booking = book(persons=2, email="siti@contoh.id")
    where = session, booking.tickets[0].office_id, kind, "id"
    by = {"actor": TESTER, "now": clock.now()}
    word_message(*where, subject="Nomor {nomor} {alamat}", body=BODY, **by)
    letter = write(booking, kind)
    assert letter.subject.startswith("Nomor A-001 (S. W.), A-002 (S. W.)")
    day = "Kamis, 26 November 2026, 08.00–09.00 WIB"
    for told in ("Halo A-001", show_code(booking.code), day, "- Fotokopi KK", "Berhalangan?", "GRATIS"):
        assert told in letter.text, told
    for ticket in booking.tickets:
        assert keyring.ticket_token(ticket.id) in letter.text
    unword_message(*where, **by)
    assert "Halo" not in write(booking, kind).text


def test_each_language_and_office_has_its_own(
    write: Callable[..., Letter], book: Book, session: Session, clock: FixedClock
) -> None:
    booking = book(language="en", email="siti@contoh.id")
    office_id = booking.tickets[0].office_id
    text = {"subject": "Halo", "body": BODY}
    by = {"actor": TESTER, "now": clock.now()}
    word_message(session, office_id, MessageKind.CONFIRMATION, "id", **text, **by)
    assert "Halo" not in write(booking, MessageKind.CONFIRMATION).text
    word_message(session, office_id, MessageKind.CONFIRMATION, "en", **text, **by)
    assert "Thursday, 26 November 2026" in write(booking, MessageKind.CONFIRMATION).text
