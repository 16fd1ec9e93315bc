"""A booking on trial leaves nothing behind."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, Booking, OutboxMessage, Slot, Ticket
from queue_app.services.setup.offered import offer_services
from queue_app.services.setup.trial import try_bookings
from tests.harness.factories import TESTER, make_offering
from tests.harness.fakes import MONDAY_MORNING


def stored(session: Session) -> list[object]:
    """All that a booking changes."""
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Booking, Ticket, OutboxMessage)]
    slots = session.execute(select(Slot.id, Slot.booked, Slot.next_number).order_by(Slot.id)).all()
    return [*counts, session.scalar(select(func.count()).select_from(AuditEntry)), slots]


def test_it_names_the_first_place_and_leaves_nothing(session: Session, keyring: Keyring) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    offer_services(session, offering.office_id, ["IKD"], actor=TESTER, now=MONDAY_MORNING)
    before = stored(session)
    tried = try_bookings(session, offering.office_id, keyring=keyring, now=MONDAY_MORNING)
    assert stored(session) == before
    booked, empty = sorted(tried, key=lambda one: one.offering.letter)
    assert (booked.number, booked.refusal) == ("A-001", None)
    assert booked.starts_at == MONDAY_MORNING.replace(hour=1, minute=0) + timedelta(days=1)
    assert (empty.number, empty.refusal) == (None, None)
    again = try_bookings(session, offering.office_id, keyring=keyring, now=MONDAY_MORNING)
    assert [one.number for one in again] == [one.number for one in tried]


def test_it_says_why_nobody_would_get_a_place(session: Session, keyring: Keyring) -> None:
    offering = make_offering(session, now=MONDAY_MORNING, opens_days_before=1, closes_days_before=1)
    offering.opens_at, offering.closes_at = offering.closes_at, offering.opens_at
    offering.closes_days_before = 0
    (tried,) = try_bookings(session, offering.office_id, keyring=keyring, now=MONDAY_MORNING - timedelta(days=3))
    assert tried.refusal is not None
    assert tried.refusal.code == "not_open_yet"
    for slot in session.scalars(select(Slot)):
        slot.booked = slot.capacity
    session.flush()
    (tried,) = try_bookings(session, offering.office_id, keyring=keyring, now=MONDAY_MORNING)
    assert tried.refusal is not None
    assert tried.refusal.code == "slot_full"
