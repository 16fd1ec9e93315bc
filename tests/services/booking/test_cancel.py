"""Cancelling: the place comes back, the number does not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import BookingRules
from queue_app.domain.errors import ChangeClosed, IllegalTransition, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.domain.stages import Act
from queue_app.models import AuditEntry, Booking, Ticket
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.booking.change import acts_of, cancel
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
THE_DAY = datetime(2026, 11, 26, 8, tzinfo=WIB)
CUT_OFF = datetime(2026, 11, 25, 12, tzinfo=WIB)


def acts(session: Session, booking: Booking, *, now: datetime) -> frozenset[Act]:
    """As the ticket's page asks."""

    def rules_of(ticket: Ticket) -> BookingRules:
        return offering_at(session, ticket.office_id, ticket.service_id).booking_rules

    return acts_of(session, booking, rules_of, now=now)


def test_a_cancelled_place_comes_back_and_its_number_stays_unused(
    session: Session, book: Book, slots: Slots, clock: FixedClock, messages
) -> None:
    booking = book(persons=2)
    clock.advance(minutes=5)
    assert cancel(session, booking.id, now=clock.now()) is booking
    assert [(ticket.state, ticket.state_since) for ticket in booking.tickets] == [
        (TicketState.CANCELLED, clock.now())
    ] * 2
    assert (slots()[0].booked, slots()[0].next_number) == (0, 3)
    assert messages(booking) == ["confirmation", "cancelled"]
    assert book().tickets[0].queue_number == 3


def test_one_of_a_family_stays_at_home_and_the_others_keep_their_numbers(
    session: Session, book: Book, slots: Slots, clock: FixedClock, messages
) -> None:
    booking = book(persons=2)
    for _twice in range(2):
        cancel(session, booking.id, position=0, now=clock.now())
        assert [ticket.state for ticket in booking.tickets] == [TicketState.CANCELLED, TicketState.BOOKED]
        assert slots()[0].booked == 1
    assert messages(booking) == ["confirmation", "cancelled"]
    assert book().tickets[0].queue_number == 3  # the place is free, the number is not


def test_cancelling_is_audited_for_each_ticket(session: Session, book: Book, clock: FixedClock, audited) -> None:
    booking = book(persons=2)
    cancel(session, booking.id, now=clock.now(), actor=Actor.staff(7), reason="Salah layanan")
    entries = [entry for entry in audited() if entry.action == "ticket.cancelled"]
    assert [(entry.subject_id, entry.actor, entry.reason) for entry in entries] == [
        (ticket.id, "staff:7", "Salah layanan") for ticket in booking.tickets
    ]
    assert [entry.before for entry in entries] == [{"state": "booked"}] * 2


def test_cancelling_twice_changes_nothing(
    session: Session, book: Book, slots: Slots, clock: FixedClock, messages
) -> None:
    booking = book()
    cancel(session, booking.id, now=clock.now())
    clock.set(THE_DAY)  # not even refused after the cut-off
    cancel(session, booking.id, now=clock.now())
    assert slots()[0].booked == 0
    assert messages(booking) == ["confirmation", "cancelled"]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 2


def test_an_unknown_booking_is_not_found(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        cancel(session, 4711, now=clock.now())


def test_a_place_can_be_given_back_until_the_hour_of_arrival(session: Session, book: Book, slots: Slots) -> None:
    """Also by who booked after the cut-off for moving: that one only ends moving to another day."""
    booking = book()
    assert acts(session, booking, now=CUT_OFF) == {Act.CANCEL, Act.MOVE_HOUR}
    assert acts(session, booking, now=CUT_OFF - timedelta(seconds=1)) == set(Act)
    with pytest.raises(ChangeClosed) as refusal:
        cancel(session, booking.id, now=THE_DAY)
    assert refusal.value.details == {"closed_at": THE_DAY}
    assert acts(session, booking, now=THE_DAY) == set()
    assert slots()[0].booked == 1
    cancel(session, booking.id, now=THE_DAY - timedelta(seconds=1))
    assert slots()[0].booked == 0


def test_a_closed_day_holds_nobody(session: Session, book: Book, slots: Slots, clock: FixedClock) -> None:
    """Whom the office itself sends away must not be held on the day by the office's rule."""
    booking = book()
    other = book(window=1)
    day_id = slots()[0].service_day_id
    close_day(session, day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=clock.now())
    assert acts(session, booking, now=CUT_OFF) == set(Act)
    cancel(session, booking.id, now=THE_DAY - timedelta(minutes=1))
    assert slots()[0].booked == 0
    cancel(session, other.id, now=datetime(2026, 11, 26, 9, tzinfo=WIB))


def test_who_has_come_cannot_cancel(session: Session, book: Book, keyring: Keyring) -> None:
    booking = book(persons=2)
    ticket = booking.tickets[1]
    scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, "nonce")
    check_in(session, scan, keyring=keyring, now=THE_DAY)
    with pytest.raises(IllegalTransition) as refusal:
        cancel(session, booking.id, now=THE_DAY)
    assert refusal.value.details == {"state": TicketState.CHECKED_IN, "target": TicketState.CANCELLED}
    assert acts(session, booking, now=THE_DAY) == set()


def test_who_was_absent_cannot_cancel(session: Session, book: Book) -> None:
    booking = book()
    evening = datetime(2026, 11, 26, 18, tzinfo=WIB)
    assert mark_no_shows(session, now=evening) == 1
    with pytest.raises(IllegalTransition):
        cancel(session, booking.id, now=evening)
