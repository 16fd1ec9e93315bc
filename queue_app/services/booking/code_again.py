"""Send a booking code once more to whoever lost it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.identity import Nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import CITIZEN
from queue_app.queries.booking.bookings import bookings_of_person
from queue_app.services.records import audit, outbox


def send_code_again(session: Session, nik: Nik, *, keyring: Keyring, now: datetime) -> None:
    """Queue a message with the code for each booking in which the person is expected, to the e-mail address given then.

    Gives nothing back and shows nothing: a NIK identifies and never authenticates (`docs/rules.md` R-NIK-5), so only
    whoever reads that mail learns anything. Of each booking one message an hour, however often somebody asks.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    for booking in bookings_of_person(session, keyring.person_index(nik.digits)):
        if booking.email is None or booking.suspended_at is not None:
            continue  # no other channel sends by itself; the page says that the office helps
        if outbox.queue(session, booking, MessageKind.CODE_AGAIN, due_at=hour):
            audit.record(session, "booking.code_again", "booking", booking.id, actor=CITIZEN, now=now)
