"""That somebody did not come was a mistake: taken back one by one, or for a whole day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.cli import main
from queue_app.config import Settings
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import AlreadyBooked, IllegalTransition, NotFound, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, Booking, Office, Slot, Ticket
from queue_app.services.arrivals.no_shows import mark_no_shows, take_back_day, take_back_no_show
from queue_app.services.assisted.move_for_others import move_assisted
from tests.harness.factories import TESTER, make_applicant, make_booking, make_office, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book

THURSDAY_NIGHT = datetime(2026, 11, 26, 22, tzinfo=ZoneInfo("Asia/Jakarta"))
REASON = "Jam server salah"
TakeBack = Callable[..., Ticket]


@pytest.fixture
def missed(book: Book, session: Session, clock: FixedClock) -> Booking:
    """Of Thursday, marked on Monday by a clock that stood three days ahead."""
    booking = book()
    assert mark_no_shows(session, now=THURSDAY_NIGHT) == 1
    session.commit()
    return booking


@pytest.fixture
def take_back(session: Session, office: Office, clock: FixedClock) -> TakeBack:
    def take_back(booking: Booking, *, at: Office = office, reason: str = REASON) -> Ticket:
        own = {"office_id": at.id, "reason": reason, "actor": TESTER, "now": clock.now()}
        return take_back_no_show(session, booking.tickets[0].id, **own)

    return take_back


def test_it_is_valid_again_and_says_why(missed: Booking, take_back: TakeBack, session: Session) -> None:
    booked = session.get_one(Slot, missed.tickets[0].slot_id).booked
    assert take_back(missed).state is TicketState.BOOKED
    assert session.get_one(Slot, missed.tickets[0].slot_id, populate_existing=True).booked == booked
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "ticket.booked").order_by(AuditEntry.id)
    ).all()[-1]
    assert (entry.before, entry.reason) == ({"state": "no_show"}, REASON)
    assert mark_no_shows(session, now=THURSDAY_NIGHT) == 1  # once the day is really over


def test_what_cannot_be_taken_back(
    missed: Booking, take_back: TakeBack, book: Book, session: Session, clock: FixedClock
) -> None:
    with pytest.raises(ReasonRequired):
        take_back(missed, reason=" ")
    with pytest.raises(NotFound):
        take_back(missed, at=make_office(session, "gemolong"))
    with pytest.raises(IllegalTransition):
        take_back(book())  # nobody says that they have not come
    clock.set(THURSDAY_NIGHT + timedelta(days=8))
    with pytest.raises(IllegalTransition):
        take_back(missed)


def test_who_has_booked_again_keeps_that(
    book: Book, take_back: TakeBack, session: Session, keyring: Keyring, clock: FixedClock, offering: object
) -> None:
    person = make_applicant()
    slots = slots_of(session, offering, THURSDAY)
    first = make_booking(session, slots[0].id, person, keyring=keyring, now=clock.now())
    assert mark_no_shows(session, now=THURSDAY_NIGHT) == 1
    make_booking(session, slots_of(session, offering, FRIDAY)[0].id, person, keyring=keyring, now=clock.now())
    session.commit()
    with pytest.raises(AlreadyBooked):
        take_back(first)
    session.rollback()
    assert session.get_one(Ticket, first.tickets[0].id).state is TicketState.NO_SHOW


def test_after_its_day_it_can_be_moved_for_a_week(
    book: Book, take_back: TakeBack, session: Session, office: Office, clock: FixedClock, offering: object
) -> None:
    moved, left = book(), book(window=1)
    clock.set(THURSDAY_NIGHT)
    assert mark_no_shows(session, now=clock.now()) == 2
    clock.advance(hours=12)
    take_back(moved)
    take_back(left)
    assert mark_no_shows(session, now=clock.now()) == 0
    at = slots_of(session, offering, FRIDAY + timedelta(days=3))[0].starts_at
    move_assisted(session, moved.id, at, office_id=office.id, actor=TESTER, now=clock.now())
    clock.advance(days=8)
    assert mark_no_shows(session, now=clock.now()) == 2  # the new day of one of them, and the other
    assert session.get_one(Ticket, left.tickets[0].id, populate_existing=True).state is TicketState.NO_SHOW


def test_a_whole_day(session: Session, office: Office, book: Book, clock: FixedClock) -> None:
    bookings = [book(), book(), book(window=1)]
    assert mark_no_shows(session, now=THURSDAY_NIGHT) == 3
    by = {"reason": REASON, "actor": TESTER, "now": clock.now(), "limit": 2}
    taken, left, last = take_back_day(session, office.id, THURSDAY, after=0, **by)
    assert (taken, left, last) == (2, 0, bookings[1].tickets[0].id)
    assert take_back_day(session, office.id, THURSDAY, after=last, **by)[:2] == (1, 0)
    assert take_back_day(session, office.id, THURSDAY, after=0, **by) == (0, 0, 0)


def test_the_command(
    session: Session, missed: Booking, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(settings.instance))
    monkeypatch.setenv("QUEUE_APP_DATABASE_URL", settings.database_url)
    monkeypatch.setattr("queue_app.domain.clock.SystemClock.now", lambda _clock: FixedClock().now())

    def run(slug: str, reason: str) -> object:
        words = ["take-back-no-shows", "--office", slug, "--day", THURSDAY.isoformat(), "--reason", reason]
        return CliRunner().invoke(main, words)

    assert "No such office" in run("solo", REASON).output
    assert "The reason" in run(office.slug, " ").output
    assert "1 valid again, 0 stay as they are" in run(office.slug, REASON).output
    assert "0 valid again" in run(office.slug, REASON).output
    session.rollback()
    assert session.get_one(Ticket, missed.tickets[0].id, populate_existing=True).state is TicketState.BOOKED
