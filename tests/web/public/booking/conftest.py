"""A ticket that somebody has."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import OfficeService
from tests.harness.factories import make_applicant, make_booking, slots_of

TUESDAY = date(2026, 11, 24)


@pytest.fixture
def book(session: Session, offering: OfficeService, keyring: FileKeyring) -> Callable[..., str]:
    """Makes a booking for Tuesday 08.00; gives the path of its first ticket."""

    def make(persons: int = 1, **request: object) -> str:
        slot = slots_of(session, offering, TUESDAY)[0]
        applicants = [make_applicant() for _ in range(persons)]
        booking = make_booking(session, slot.id, *applicants, keyring=keyring, **request)
        session.commit()
        return f"/t/{keyring.ticket_token(booking.tickets[0].id)}"

    return make
