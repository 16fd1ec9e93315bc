"""Each person of closed hours is offered one place and told once, by priority and in the order of booking."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.closures import ClosureKind, OfferState
from queue_app.domain.errors import NotOpenYet
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Priority
from queue_app.domain.visits import VisitState
from queue_app.models import OfficeService, Ticket, Visit
from queue_app.queries.calendar.closures import preview_closure
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.answering import accept
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.closures import confirm
from tests.harness.closing import assert_sound, carry_out_all, closed, drafted, offers_of
from tests.harness.factories import TESTER, make_offering, make_office
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY_AFTER = THURSDAY + timedelta(days=4)
AFTERNOON = (time(9), time(12))


def test_everybody_gets_the_place_of_the_preview_held_and_one_message(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, messages
) -> None:
    bookings = [book(), book(email="siti@contoh.id"), book(window=1, persons=2)]
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    wanted = {
        one.affected.booking_id: one.place.starts_at for one in preview_closure(session, closure, now=clock.now()).moves
    }
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    assert carry_out_all(session, closure, now=clock.now(), limit=1) == 3
    offers = offers_of(session, closure)
    assert [(offer.state, offer.places) for offer in offers] == [(OfferState.OPEN, n) for n in (1, 1, 2)]
    assert {offer.booking_id: offer.slot.starts_at for offer in offers} == wanted
    assert [slot.booked for slot in slots(FRIDAY)] == [2, 2]
    assert {offer.held_until for offer in offers} == {clock.now() + timedelta(hours=48)}
    assert [offer.to_call for offer in offers] == [True, False, True]
    for booking in bookings:
        assert messages(booking) == ["confirmation", "day_closed"]
    assert_sound(session, keyring, clock)


def test_priority_first_then_the_order_of_booking(
    session: Session, book: Book, slots: Slots, offering: OfficeService, clock: FixedClock
) -> None:
    first, second, urgent = book(), book(), book(window=1)
    urgent.tickets[0].priority = Priority.URGENT
    session.commit()
    book(day=FRIDAY)
    closure = closed(session, offering, THURSDAY, now=clock.now())
    times = {offer.booking_id: offer.slot.starts_at for offer in offers_of(session, closure)}
    eight, nine = (slot.starts_at for slot in slots(FRIDAY))
    assert times == {urgent.id: eight, first.id: nine, second.id: nine}


def test_who_fits_nowhere_may_choose_before_the_others(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    for window in (0, 0, 1, 1):
        book(window=window)
        book(day=FRIDAY, window=window)
        book(day=MONDAY_AFTER, window=window)
    closure = closed(session, offering, THURSDAY, now=clock.now(), precedence_days=5)
    offers = offers_of(session, closure)
    assert {offer.state for offer in offers} == {OfferState.WAITING}
    assert {offer.choose_until for offer in offers} == {clock.now() + timedelta(days=5)}
    not_open_yet = slots(THURSDAY + timedelta(days=7))[0]
    reschedule(session, offers[0].booking_id, not_open_yet.id, now=clock.now())
    assert offers_of(session, closure)[0].state is OfferState.ELSEWHERE
    assert_sound(session, keyring, clock)


def test_precedence_is_for_a_set_time(
    session: Session, book: Book, slots: Slots, offering: OfficeService, clock: FixedClock
) -> None:
    for day in (THURSDAY, FRIDAY, MONDAY_AFTER):
        book(day=day, persons=2), book(day=day, window=1, persons=2)
    closure = closed(session, offering, THURSDAY, now=clock.now(), precedence_days=2)
    (offer, _other) = offers_of(session, closure)
    clock.advance(days=2, minutes=1)
    with pytest.raises(NotOpenYet):
        reschedule(session, offer.booking_id, slots(THURSDAY + timedelta(days=7))[0].id, now=clock.now())


def test_added_places_only_where_they_were_allowed(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    for window in (0, 0, 1, 1):
        book(window=window)
        book(day=FRIDAY, window=window)
    closure = closed(session, offering, THURSDAY, now=clock.now(), extra_places=1)
    assert [slot.capacity for slot in slots(FRIDAY)] == [3, 3]
    offers = offers_of(session, closure)
    assert [offer.extra for offer in offers] == [1, 1, 0, 0]
    assert offers[2].slot.day == MONDAY_AFTER
    ordinary = book_of(session, slots(FRIDAY)[0].id, but=offers[0].booking_id)
    cancel(session, ordinary, now=clock.now())
    assert [(slot.capacity, slot.booked) for slot in slots(FRIDAY)] == [(2, 2), (3, 3)]
    cancel(session, offers[0].booking_id, now=clock.now())
    assert [(slot.capacity, slot.booked) for slot in slots(FRIDAY)] == [(2, 1), (3, 3)], "what was planned stays"
    book(day=FRIDAY)
    assert [(slot.capacity, slot.booked) for slot in slots(FRIDAY)] == [(2, 2), (3, 3)], "nobody else gets it"
    assert_sound(session, keyring, clock)


def book_of(session: Session, slot_id: int, *, but: int) -> int:
    """Somebody who holds a ticket there; not ``but``, who holds no ticket yet."""
    held = select(Ticket.booking_id).where(Ticket.slot_id == slot_id, Ticket.booking_id != but)
    return session.scalars(held.order_by(Ticket.id).limit(1)).one()


def test_other_offices_only_where_they_were_allowed(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    there = make_office(session, "gemolong")
    other = make_offering(session, there, offering.service, now=clock.now(), opens_days_before=7, letter="B")
    session.commit()
    booking = book()
    for window in (0, 0, 1, 1):
        book(day=FRIDAY, window=window)
        book(day=MONDAY_AFTER, window=window)
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    assert preview_closure(session, closure, now=clock.now()).placed == 0
    closure.other_offices = True
    assert preview_closure(session, closure, now=clock.now()).elsewhere == 1
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    carry_out_all(session, closure, now=clock.now())
    accept(session, booking.id, now=clock.now())
    session.commit()
    moved = max(booking.tickets, key=lambda ticket: ticket.id)
    assert (moved.office_id, moved.letter, moved.state) == (other.office_id, "B", TicketState.BOOKED)
    assert_sound(session, keyring, clock)


def test_a_booking_that_changed_meanwhile_is_left_alone(
    session: Session, book: Book, slots: Slots, offering: OfficeService, clock: FixedClock, messages
) -> None:
    moved, cancelled, stays = book(), book(), book(window=1)
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    session.commit()
    reschedule(session, moved.id, slots(FRIDAY)[0].id, now=clock.now())
    cancel(session, cancelled.id, now=clock.now())
    carry_out_all(session, closure, now=clock.now())
    assert [offer.booking_id for offer in offers_of(session, closure)] == [stays.id]
    assert "day_closed" not in messages(moved) + messages(cancelled)


def test_a_second_closure_takes_the_place_that_the_first_one_offered(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, messages
) -> None:
    booking = book()
    first = closed(session, offering, THURSDAY, now=clock.now())
    clock.advance(hours=1)
    draft = drafted(session, offering, FRIDAY, now=clock.now())
    assert [one.affected.booking_id for one in preview_closure(session, draft, now=clock.now()).moves] == [booking.id]
    confirm(session, draft.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    carry_out_all(session, draft, now=clock.now())
    (offer,) = offers_of(session, first)
    assert (offer.state, offer.slot.day) == (OfferState.OPEN, MONDAY_AFTER)
    assert [slot.booked for slot in slots(FRIDAY)] == [0, 0]
    assert messages(booking) == ["confirmation", "day_closed", "day_closed"]
    assert offers_of(session, draft) == []
    assert_sound(session, keyring, clock)


def test_whoever_was_telephoned_about_a_place_that_is_gone_is_to_be_telephoned_again(
    session: Session, book: Book, offering: OfficeService, clock: FixedClock
) -> None:
    book()
    first = closed(session, offering, THURSDAY, now=clock.now())
    (offer,) = offers_of(session, first)
    offer.called_at, offer.note = clock.now(), "Setuju"
    session.commit()
    clock.advance(hours=1)
    closed(session, offering, FRIDAY, now=clock.now())
    (offer,) = offers_of(session, first)
    assert (offer.to_call, offer.called_at, offer.note) == (True, None, None)


def test_people_in_the_hall_are_offered_places_like_those_who_have_not_come(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, messages
) -> None:
    here, coming, served = book(), book(window=1), book()
    clock.set(datetime(2026, 11, 26, 1, 0, tzinfo=UTC))
    for booking in (here, served):
        scan = Scan(keyring.ticket_token(booking.tickets[0].id), offering.office_id, None, f"scan-{booking.id}")
        check_in(session, scan, keyring=keyring, now=clock.now())
    session.get_one(Visit, served.tickets[0].id).state = VisitState.SERVED
    session.commit()
    closure = closed(session, offering, THURSDAY, now=clock.now(), all_services=True, kind=ClosureKind.TODAY)
    assert [offer.booking_id for offer in offers_of(session, closure)] == [here.id, coming.id]
    assert messages(here) == ["confirmation", "sent_home"]
    assert messages(served) == ["confirmation"]
    accept(session, here.id, now=clock.now())
    session.commit()
    old, new = sorted(here.tickets, key=lambda ticket: ticket.id)
    assert (old.state, new.state, new.day) == (TicketState.RESCHEDULED, TicketState.BOOKED, FRIDAY)
    assert old.replaced_by_id == new.id
    assert_sound(session, keyring, clock)
