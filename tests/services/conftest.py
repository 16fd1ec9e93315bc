"""An office with days, people who book there, and what is stored of it all."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, Booking, Office, OfficeService, OutboxMessage, Slot, Staff
from tests.harness.beginnings import Beginnings
from tests.harness.factories import begin_offering, make_applicant, make_booking, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

Book = Callable[..., Booking]
Slots = Callable[..., list[Slot]]


@pytest.fixture
def offering(session: Session, clock: FixedClock, beginnings: Beginnings) -> OfficeService:
    """Two windows of two places on Mondays, Thursdays and Fridays; two weeks of days, of which one is bookable."""
    return begin_offering(session, beginnings, now=clock.now(), opens_days_before=7, weekdays=(0, 3, 4))


@pytest.fixture
def office(session: Session, offering: OfficeService) -> Office:
    return session.get_one(Office, offering.office_id)


@pytest.fixture
def desk(session: Session, clock: FixedClock) -> Staff:
    """Somebody who never logs in: hashing a password takes longer than the test."""
    desk = Staff(username="meja", name="Petugas Meja", password_hash="-", created_at=clock.now())
    session.add(desk)
    session.commit()
    return desk


@pytest.fixture
def slots(session: Session, offering: OfficeService) -> Slots:
    """The slots of a day as they are stored, in order of time."""

    def slots(day: date = THURSDAY, of: OfficeService | None = None) -> list[Slot]:
        session.flush()
        return slots_of(session, of or offering, day)

    return slots


@pytest.fixture
def book(session: Session, slots: Slots, keyring: Keyring, clock: FixedClock) -> Book:
    """Books one person (or those given, or `persons` of them) in a window of a day; commits."""

    def book(
        *applicants: object,
        day: date = THURSDAY,
        window: int = 0,
        persons: int = 1,
        of: OfficeService | None = None,
        **request: object,
    ) -> Booking:
        people = applicants or tuple(make_applicant() for _ in range(persons))
        slot_id = slots(day, of)[window].id
        booking = make_booking(session, slot_id, *people, keyring=keyring, now=clock.now(), **request)
        session.commit()
        return booking

    return book


@pytest.fixture
def audited(session: Session) -> Callable[[], list[AuditEntry]]:
    def audited() -> list[AuditEntry]:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))

    return audited


@pytest.fixture
def messages(session: Session) -> Callable[[Booking], list[str]]:
    """The kinds of the messages queued for a booking, in order."""

    def messages(booking: Booking) -> list[str]:
        query = select(OutboxMessage.kind).where(OutboxMessage.booking_id == booking.id).order_by(OutboxMessage.id)
        return [str(kind) for kind in session.scalars(query)]

    return messages
