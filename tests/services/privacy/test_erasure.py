"""Deleting on request: what is to come is given back, what was is emptied, and the duties stay fulfilled."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.data_rights import StillBeingServed
from queue_app.domain.keyring import Keyring, bound_to
from queue_app.domain.roles import CITIZEN
from queue_app.domain.visits import StepKind
from queue_app.models import Booking, MessageState, OutboxMessage, Ticket, VisitStep
from queue_app.queries.records.invariants import verify
from queue_app.services.booking.change import reschedule
from queue_app.services.privacy.erasure import erase
from queue_app.services.records.audit import seal_entries
from tests.harness.factories import make_applicant
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.harness.hall import Hall
from tests.services.conftest import Book, Slots


def left(session: Session, booking: Booking) -> set[str]:
    session.expire_all()
    found = {name for name in ("phone", "email", "request_digest") if getattr(booking, name) is not None}
    for ticket in booking.tickets:
        found |= {f"{name} {ticket.position}" for name in ("nik", "name", "person_index") if getattr(ticket, name)}
    return found


def assert_sound(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    seal_entries(session, keyring=keyring, now=clock.now(), limit=10_000)
    broken = [found for found in verify(session, keyring=keyring, now=clock.now()) if found.breaches]
    assert not broken


def test_a_booking_to_come_is_cancelled_and_emptied(
    session: Session, book: Book, slots: Slots, keyring: Keyring, clock: FixedClock, audited
) -> None:
    siti = make_applicant()
    booking = book(siti, email="siti@contoh.id")
    erased = erase(session, booking.tickets[0], actor=CITIZEN, now=clock.now())
    session.commit()
    assert (erased.cancelled, erased.whole_booking) == (True, True)
    assert left(session, booking) == set()
    assert booking.tickets[0].state is TicketState.CANCELLED
    assert slots()[0].booked == 0
    waiting = select(OutboxMessage.state).where(OutboxMessage.state == MessageState.QUEUED)
    assert session.scalars(waiting).all() == []  # nobody is written to whose address is gone
    entry = audited()[-1]
    assert (entry.action, entry.actor) == ("data.erased", "citizen")
    assert entry.after == {"deleted": {"ticket": 1, "booking": 1}}
    assert book(siti, day=FRIDAY)  # they may come back
    assert_sound(session, keyring, clock)


def test_all_that_a_person_has_had_in_a_booking_goes(
    session: Session, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book()
    first = booking.tickets[0]
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.commit()
    erase(session, session.get_one(Ticket, first.id), actor=CITIZEN, now=clock.now())
    assert left(session, booking) == set()


def test_one_of_a_family_goes_and_the_others_keep_theirs_and_the_contact(
    session: Session, book: Book, keyring: Keyring, clock: FixedClock, messages
) -> None:
    booking = book(persons=2, email="siti@contoh.id")
    erased = erase(session, booking.tickets[1], actor=CITIZEN, now=clock.now())
    assert not erased.whole_booking
    assert left(session, booking) == {"phone", "email", "request_digest", "nik 0", "name 0", "person_index 0"}
    assert [ticket.state for ticket in booking.tickets] == [TicketState.BOOKED, TicketState.CANCELLED]
    assert "cancelled" in messages(booking)
    erase(session, booking.tickets[0], actor=CITIZEN, now=clock.now())
    assert left(session, booking) == set()
    assert_sound(session, keyring, clock)


def test_after_the_hour_of_arrival_no_cut_off_holds_a_right(session: Session, book: Book, clock: FixedClock) -> None:
    booking = book()
    now = booking.tickets[0].slot.starts_at
    assert erase(session, booking.tickets[0], actor=CITIZEN, now=now).cancelled
    assert left(session, booking) == set()


def test_twice_is_as_once(session: Session, book: Book, clock: FixedClock) -> None:
    booking = book()
    erase(session, booking.tickets[0], actor=CITIZEN, now=clock.now())
    again = erase(session, booking.tickets[0], actor=CITIZEN, now=clock.now())
    assert not again.cancelled


@pytest.fixture
def waiting(hall: Hall, session: Session, keyring: Keyring) -> Ticket:
    """Somebody in the hall, with a name."""
    ticket = session.get_one(Ticket, hall.arrive(1)[0])
    ticket.name = keyring.seal("Siti Wahyuni", bound_to=bound_to(ticket.booking.code, "name", 0))
    session.commit()
    return ticket


def test_whoever_waits_is_not_deleted_under_the_hand_that_calls(
    session: Session, waiting: Ticket, clock: FixedClock
) -> None:
    with pytest.raises(StillBeingServed):
        erase(session, waiting, actor=CITIZEN, now=clock.now())
    session.rollback()
    assert left(session, waiting.booking) == {"name 0"}


def test_who_was_served_is_emptied_and_what_came_of_it_stays(
    hall: Hall, session: Session, waiting: Ticket, clock: FixedClock
) -> None:
    hall.call()
    hall.serve(waiting.id)
    step = session.scalars(select(VisitStep).where(VisitStep.kind == StepKind.FINISH)).one()
    step.reason = "Didahulukan karena sakit"
    session.commit()
    erased = erase(session, waiting, actor=CITIZEN, now=clock.now())
    assert not erased.cancelled
    assert left(session, waiting.booking) == set()
    session.refresh(step)
    assert step.reason is None
    assert waiting.state is TicketState.CHECKED_IN
    assert waiting.day == THURSDAY
