"""A desk that books for others, and what it gave."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.errors import DomainError
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Actor
from queue_app.models import CheckIn, OfficeService, Slot, Staff
from queue_app.queries.records.invariants import verify
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.booking.book import Booked
from queue_app.services.booking.request import Applicant
from queue_app.services.records import audit
from tests.harness.factories import make_applicant, make_offering
from tests.harness.fakes import FixedClock

WIB = ZoneInfo("Asia/Jakarta")
EIGHT = datetime(2026, 11, 26, 8, tzinfo=WIB)
HALF_PAST_SEVEN = EIGHT - timedelta(minutes=30)
NINE = EIGHT + timedelta(hours=1)
KEPT = {Share.ASSISTED: 1, Share.PRIORITY: 1}

Give = Callable[..., Booked]


@pytest.fixture
def offering(session: Session, clock: FixedClock) -> OfficeService:
    """At eight and at nine one place for everybody, one kept for the helped, one for those who go first."""
    rules = {"opens_days_before": 7, "walk_ins_per_day": 5, "releases_at": time(8)}
    offering = make_offering(session, now=clock.now(), capacity=1, kept=KEPT, weekdays=(3, 4), **rules)
    session.commit()
    return offering


@pytest.fixture
def give(session: Session, offering: OfficeService, keyring: Keyring, desk: Staff, clock: FixedClock) -> Give:
    """Books for one person, or those given: for now, unless an hour is given. Like a unit of work: all or nothing."""
    serial = itertools.count()

    def give(
        *people: Applicant,
        at: datetime | None = None,
        priority: Priority | None = None,
        exception: str | None = None,
        key: str | None = None,
        channel: Channel = Channel.DESK,
        of: OfficeService = offering,
    ) -> Booked:
        request = AssistedRequest(
            offering_id=of.id,
            starts_at=at,
            applicants=people or (make_applicant(),),
            phone=None,
            language="id",
            request_key=key or f"key-{next(serial)}",
            channel=channel,
            priority=priority,
            exception=exception,
        )
        staff = {"actor": Actor.staff(desk.id), "staff_id": desk.id}
        try:
            booked = book_assisted(
                session, request, office_id=offering.office_id, keyring=keyring, now=clock.now(), **staff
            )
            session.commit()
            return booked
        except DomainError:
            session.rollback()
            raise

    return give


@pytest.fixture
def sound(session: Session, keyring: Keyring, clock: FixedClock) -> Iterator[None]:
    """At the end all invariants hold."""
    yield
    audit.seal_entries(session, keyring=keyring, now=clock.now())
    assert [found for found in verify(session, keyring=keyring, now=clock.now()) if found.breaches] == []


@pytest.fixture
def taken(session: Session) -> Callable[[Booked], tuple[int, Share]]:
    """The hour and the share of the place that was given."""

    def taken(booked: Booked) -> tuple[int, Share]:
        slot = session.get_one(Slot, booked.slot_id)
        return slot.starts_at.astimezone(WIB).hour, slot.share

    return taken


def refused(give: Give, **request: object) -> type[DomainError] | None:
    try:
        give(**request)
    except DomainError as refusal:
        return type(refusal)
    return None


@pytest.fixture
def admission(session: Session) -> Callable[[Booked], CheckIn]:
    def admission(booked: Booked) -> CheckIn:
        of_ticket = select(CheckIn).where(CheckIn.ticket_id == booked.tickets[0].id, CheckIn.undone_at.is_(None))
        return session.scalars(of_ticket).one()

    return admission


@pytest.fixture
def scan(session: Session, offering: OfficeService, keyring: Keyring, desk: Staff, clock: FixedClock):
    numbers = itertools.count()

    def scan(typed: str, nonce: str | None = None) -> tuple[CheckIn, ...]:
        nonce = nonce or f"nonce-{next(numbers)}"
        rows = check_in(session, Scan(typed, offering.office_id, desk.id, nonce), keyring=keyring, now=clock.now())
        session.commit()
        return rows

    return scan
