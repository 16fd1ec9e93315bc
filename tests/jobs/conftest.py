"""An office with days, a run of each job by name, and mail servers that behave as real ones do."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.reminders import MessageKind
from queue_app.jobs.messages import Letter, compose
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, OfficeService, OutboxMessage
from queue_app.services.booking.change import cancel
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.harness.fakes import FixedClock

THURSDAY = date(2026, 11, 26)


@pytest.fixture
def run(app: Flask) -> Callable[[str], int]:
    return lambda name: run_job(app, name)


@pytest.fixture
def book(session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock) -> Callable[..., Booking]:
    """Books one person (or `persons`) for `day`; committed."""

    def book(
        day: date = THURSDAY, *, at: OfficeService | None = None, slot: int = 0, persons: int = 1, **request: object
    ) -> Booking:
        applicants = [make_applicant() for _ in range(persons)]
        slot_id = slots_of(session, at or offering, day)[slot].id
        booking = make_booking(session, slot_id, *applicants, keyring=keyring, now=clock.now(), **request)
        session.commit()
        return booking

    return book


@pytest.fixture
def messages(session: Session) -> Callable[[], list[OutboxMessage]]:
    """All messages as they are stored now, in order."""

    def messages() -> list[OutboxMessage]:
        session.rollback()
        query = select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
        return list(session.scalars(query).unique())

    return messages


@pytest.fixture
def write(app: Flask, session: Session, keyring: FileKeyring, clock: FixedClock) -> Callable[..., Letter]:
    """Writes a message to a booking's people; one about a cancellation cancels first."""

    def write(booking: Booking, kind: MessageKind, *, cancel_all: bool = True) -> Letter:
        if kind is MessageKind.CANCELLED and cancel_all:
            cancel(session, booking.id, now=clock.now())
            session.flush()
            session.refresh(booking)
        row = OutboxMessage(booking=booking, kind=kind, due_at=clock.now())
        with app.app_context():
            return compose(session, row, keyring=keyring, public_url="https://antre.example", now=clock.now())

    return write


def utc(text: str) -> datetime:
    """An instant from ``2026-11-25T17:00+07:00``."""
    return datetime.fromisoformat(text)
