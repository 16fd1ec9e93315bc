"""Moving for somebody into the shares that are theirs, and booking again what ended in vain, with all that is known."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, IllegalTransition, NotFound, SlotFull
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Actor
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Booking, OfficeService, Staff, Ticket, Visit
from queue_app.queries.booking.contacts import Contact, contact_of
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.assisted.move_for_others import move_assisted
from queue_app.services.assisted.revisits import book_again
from queue_app.services.booking.book import Booked
from queue_app.services.booking.change import cancel
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant, make_booking, make_nik, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

from .conftest import EIGHT, NINE

pytestmark = pytest.mark.usefixtures("sound")
FRIDAY_EIGHT = EIGHT + timedelta(days=1)
EVENING = EIGHT + timedelta(hours=9)


@pytest.fixture
def booked(session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock):
    """Somebody with telephone and e-mail, on Thursday at eight, by themselves."""

    def booked(*people: Applicant) -> Booking:
        slot = next(slot for slot in slots_of(session, offering, THURSDAY) if slot.share is Share.PUBLIC)
        contact = {"phone": "+6281234567890", "email": "siti@contoh.id", "language": "en"}
        booking = make_booking(session, slot.id, *people, keyring=keyring, now=clock.now(), **contact)
        session.commit()
        return booking

    return booked


@pytest.fixture
def move(session: Session, offering: OfficeService, desk: Staff, clock: FixedClock):
    def move(booking: Booking, starts_at: datetime) -> Ticket:
        office = {"office_id": offering.office_id, "actor": Actor.staff(desk.id)}
        move_assisted(session, booking.id, starts_at, **office, now=clock.now())
        session.commit()
        return session.get_one(Booking, booking.id, populate_existing=True).tickets[-1]

    return move


@pytest.fixture
def again(session: Session, offering: OfficeService, desk: Staff, keyring: Keyring, clock: FixedClock):
    def again(ticket: Ticket, starts_at: datetime = FRIDAY_EIGHT, key: str = "again-0123456789abcdef") -> Booked:
        office = {"office_id": offering.office_id, "staff_id": desk.id, "keyring": keyring, "request_key": key}
        found = book_again(session, ticket.id, starts_at, **office, now=clock.now())
        session.commit()
        return found

    return again


def test_the_share_kept_for_the_helped_is_taken_first_and_the_public_one_else(
    booked: Callable[..., Booking], move, give, clock: FixedClock
) -> None:
    first = booked()
    ticket = move(first, NINE)
    assert (ticket.slot.share, ticket.starts_at) == (Share.ASSISTED, NINE)
    second = booked()
    assert move(second, NINE).slot.share is Share.PUBLIC
    third = booked()
    with pytest.raises(SlotFull):
        move(third, NINE)


def test_whoever_goes_first_has_the_places_kept_for_that(
    session: Session, booked: Callable[..., Booking], move
) -> None:
    booking = booked()
    booking.tickets[0].priority = Priority.VULNERABLE
    session.commit()
    ticket = move(booking, NINE)
    assert (ticket.slot.share, ticket.priority) == (Share.PRIORITY, Priority.VULNERABLE)


def test_moving_twice_to_one_hour_moves_once(session: Session, booked: Callable[..., Booking], move) -> None:
    booking = booked()
    ticket = move(booking, NINE)
    assert move(booking, NINE) is ticket
    assert [one.state for one in booking.tickets] == [TicketState.RESCHEDULED, TicketState.BOOKED]


def test_a_booking_of_another_office_is_not_moved(
    session: Session, booked: Callable[..., Booking], offering: OfficeService, clock: FixedClock
) -> None:
    with pytest.raises(NotFound):
        move_assisted(session, booked().id, NINE, office_id=4711, actor=Actor.staff(1), now=clock.now())


def test_who_missed_it_is_booked_again_with_all_that_is_known(
    session: Session, booked: Callable[..., Booking], again, keyring: Keyring, clock: FixedClock, messages
) -> None:
    nik = make_nik()
    booking = booked(Applicant("Siti Wahyuni", nik))
    mark_no_shows(session, now=clock.set(EVENING))
    session.commit()
    new = session.get_one(Booking, again(booking.tickets[0]).booking_id)
    person = person_of(new.tickets[0], new.code, keyring)
    assert (person.name, person.nik) == ("Siti Wahyuni", nik)
    assert contact_of(new, keyring) == Contact("+6281234567890", "siti@contoh.id")
    assert (new.language, new.channel) == ("en", Channel.DESK)
    assert (new.tickets[0].starts_at, new.tickets[0].slot.share) == (FRIDAY_EIGHT, Share.ASSISTED)
    assert messages(new) == ["confirmation"]


def test_the_same_form_sent_again_books_once_and_another_one_not_at_all(
    session: Session, booked: Callable[..., Booking], again, clock: FixedClock
) -> None:
    booking = booked()
    cancel(session, booking.id, now=clock.now())
    session.commit()
    first = again(booking.tickets[0])
    assert again(booking.tickets[0]).booking_id == first.booking_id
    with pytest.raises(AlreadyBooked):
        again(booking.tickets[0], key="another-0123456789abcdef")
    session.rollback()


@pytest.mark.parametrize(
    ("outcome", "refused"),
    [(Outcome.FAILED_DEVICE, False), (Outcome.REFUSED, False), (Outcome.DONE, True)],
)
def test_what_ended_in_vain_at_the_counter_is_booked_again(
    session: Session,
    booked: Callable[..., Booking],
    again,
    keyring: Keyring,
    clock: FixedClock,
    outcome: Outcome,
    refused: bool,
) -> None:
    booking = booked()
    ticket = booking.tickets[0]
    scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, "nonce-of-a-door")
    check_in(session, scan, keyring=keyring, now=clock.set(EIGHT))
    visit = session.get_one(Visit, ticket.id)
    visit.state, visit.outcome = VisitState.SERVED, outcome
    session.commit()
    if refused:
        with pytest.raises(IllegalTransition):
            again(ticket)
        session.rollback()
        return
    for share in ("assisted", "priority"):  # none is left of those kept for the helped
        slot = next(one for one in slots_of(session, _offering(session), FRIDAY) if one.share == share)
        make_booking(session, slot.id, make_applicant(), keyring=keyring, now=clock.now(), share=slot.share)
    session.commit()
    slot = session.get_one(Ticket, again(ticket).tickets[0].id).slot
    assert slot.share is (Share.PUBLIC if outcome is Outcome.REFUSED else Share.ASSISTED)  # that one was added
    assert slot.capacity == (1 if outcome is Outcome.REFUSED else 2)


def _offering(session: Session) -> OfficeService:
    return session.query(OfficeService).first()


def test_what_still_holds_and_what_was_deleted_is_not_booked_again(
    session: Session, booked: Callable[..., Booking], again, clock: FixedClock
) -> None:
    booking = booked()
    with pytest.raises(IllegalTransition):
        again(booking.tickets[0])
    cancel(session, booking.id, now=clock.now())
    for column in ("nik", "name", "person_index"):
        setattr(booking.tickets[0], column, None)
    session.commit()
    with pytest.raises(NotFound):
        again(booking.tickets[0])
