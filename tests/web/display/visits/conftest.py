"""People with tickets for the hall of Thursday, and what their pages say of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import Booking, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hall import Hall
from tests.web.citizen import text_of

Arrive = Callable[[Booking], list[int]]
UNSURE = "Lamanya belum dapat diperkirakan."


@pytest.fixture
def book(hall: Hall, session: Session, keyring: FileKeyring) -> Callable[..., Booking]:
    """Some days before, for Thursday 08.00."""

    def make(persons: int = 1) -> Booking:
        applicants = [make_applicant() for _ in range(persons)]
        booking = make_booking(session, hall.slots[0].id, *applicants, keyring=keyring, now=MONDAY_MORNING)
        session.commit()
        return booking

    return make


@pytest.fixture
def arrive(hall: Hall, session: Session, keyring: FileKeyring) -> Arrive:
    def scan(booking: Booking) -> list[int]:
        asked = Scan(booking.code, hall.office.id, None, f"nonce-of-{booking.code}")
        check_in(session, asked, keyring=keyring, now=hall.clock.advance(seconds=1))
        session.commit()
        return [ticket.id for ticket in booking.tickets]

    return scan


@pytest.fixture
def page(client: FlaskClient, keyring: FileKeyring) -> Callable[[Booking], str]:
    return lambda booking: client.get(path_of(booking, keyring)).text


def path_of(booking: Booking, keyring: FileKeyring) -> str:
    return f"/t/{keyring.ticket_token(booking.tickets[0].id)}"


def number_of(ticket: Ticket) -> str:
    return f"A-{ticket.queue_number:03d}"


def places(page: str) -> dict[str, str]:
    """What is said of each number."""
    found = re.findall(r'<li class="queue-now__place" data-number="([^"]+)"[^>]*>(.*?)</li>', page, re.DOTALL)
    shown = {number: re.sub(r"<p [^>]*hidden>.*?</p>", "", text, flags=re.DOTALL) for number, text in found}
    return {number: " ".join(text_of(text).replace(number, "", 1).split()) for number, text in shown.items()}
