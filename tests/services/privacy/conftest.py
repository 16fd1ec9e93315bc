"""A booking with a contact, and the one-time code that would go there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Booking, DataProof
from queue_app.queries.privacy.proofs import code_of
from tests.services.conftest import Book

CodeOf = Callable[[Booking], str]


@pytest.fixture
def booked(book: Book) -> Booking:
    return book(email="siti@contoh.id")


@pytest.fixture
def newest_code(session: Session, keyring: Keyring) -> CodeOf:
    """The code that a message to the booking would carry just now."""

    def newest(booking: Booking) -> str:
        proofs = select(DataProof).where(DataProof.booking_id == booking.id).order_by(DataProof.asked_at.desc())
        return code_of(session.scalars(proofs).first(), booking, keyring)

    return newest
