"""Scanning at the desk: every answer, a nonce that makes repeating harmless, and two minutes to undo."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import IllegalTransition, NotFound, RequestChanged, UndoExpired
from queue_app.domain.keyring import Keyring
from queue_app.domain.tickets import show_code
from queue_app.models import AuditEntry, Booking, CheckIn, Office, Staff
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.services.booking.change import cancel, reschedule
from tests.harness.factories import make_applicant, make_office
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
EIGHT = datetime(2026, 11, 26, 8, tzinfo=WIB)

ScanTicket = Callable[..., CheckIn]


@pytest.fixture
def scan(session: Session, keyring: Keyring, office: Office, desk: Staff, clock: FixedClock) -> ScanTicket:
    """Scans the token of a booking's first ticket, or what was typed, where and when the clock stands."""

    def scan(booking: Booking | str, *, at: Office = office, nonce: str | None = None) -> CheckIn:
        typed = booking if isinstance(booking, str) else keyring.ticket_token(booking.tickets[0].id)
        nonce = nonce or f"nonce-{session.scalar(select(func.count()).select_from(CheckIn))}"
        (row,) = check_in(session, Scan(typed, at.id, desk.id, nonce), keyring=keyring, now=clock.now())
        session.commit()
        return row

    return scan


def test_who_comes_in_time_is_checked_in(book: Book, scan: ScanTicket, clock: FixedClock, desk: Staff, audited) -> None:
    booking = book()
    clock.set(EIGHT)
    row = scan(booking)
    (ticket,) = booking.tickets
    assert (row.result, row.at, row.ticket_id, row.staff_id) == (ScanResult.CHECKED_IN, EIGHT, ticket.id, desk.id)
    assert (ticket.state, ticket.state_since) == (TicketState.CHECKED_IN, EIGHT)
    entry = audited()[-1]
    assert (entry.action, entry.actor, entry.before) == ("ticket.checked_in", f"staff:{desk.id}", {"state": "booked"})


@pytest.mark.parametrize("spell", [show_code, str.lower, lambda code: f" {code} "])
def test_a_typed_code_will_do_as_well(
    book: Book, scan: ScanTicket, clock: FixedClock, spell: Callable[[str], str]
) -> None:
    booking = book()
    clock.set(EIGHT)
    assert scan(spell(booking.code)).result is ScanResult.CHECKED_IN


def test_who_is_here_already_is_said_to_be(book: Book, scan: ScanTicket, clock: FixedClock, session: Session) -> None:
    booking = book()
    clock.set(EIGHT)
    scan(booking)
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    clock.advance(minutes=5)
    assert scan(booking).result is ScanResult.ALREADY
    assert booking.tickets[0].state_since == EIGHT
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize(
    ("now", "result"),
    [
        (EIGHT - timedelta(minutes=31), ScanResult.TOO_EARLY),
        (EIGHT - timedelta(minutes=30), ScanResult.CHECKED_IN),
        (EIGHT + timedelta(minutes=90), ScanResult.CHECKED_IN),
        (EIGHT + timedelta(minutes=91), ScanResult.LATE),
        (EIGHT - timedelta(days=1), ScanResult.WRONG_DAY),
        (EIGHT + timedelta(days=1), ScanResult.WRONG_DAY),
    ],
)
def test_the_hour_decides(book: Book, scan: ScanTicket, clock: FixedClock, now: datetime, result: ScanResult) -> None:
    booking = book()
    clock.set(now)
    assert scan(booking).result is result
    admitted = result in (ScanResult.CHECKED_IN, ScanResult.LATE)
    assert (booking.tickets[0].state is TicketState.CHECKED_IN) == admitted


def test_another_office_sends_on(book: Book, scan: ScanTicket, session: Session, clock: FixedClock) -> None:
    booking = book()
    clock.set(EIGHT)
    assert scan(booking, at=make_office(session, "gemolong")).result is ScanResult.WRONG_OFFICE
    assert booking.tickets[0].state is TicketState.BOOKED


def test_a_cancelled_ticket_says_so(book: Book, scan: ScanTicket, session: Session, clock: FixedClock) -> None:
    booking = book()
    cancel(session, booking.id, now=clock.now())
    clock.set(EIGHT)
    assert scan(booking).result is ScanResult.CANCELLED
    assert scan(booking.code).result is ScanResult.CANCELLED


def test_the_old_code_of_a_moved_ticket_says_so_and_the_booking_code_finds_the_new_one(
    book: Book, scan: ScanTicket, slots: Slots, session: Session, clock: FixedClock
) -> None:
    booking = book()
    reschedule(session, booking.id, slots()[1].id, now=clock.now())
    session.commit()
    clock.set(EIGHT + timedelta(hours=1))
    assert scan(booking).result is ScanResult.RESCHEDULED
    row = scan(booking.code)
    assert (row.result, row.ticket_id) == (ScanResult.CHECKED_IN, booking.tickets[1].id)


@pytest.mark.parametrize("typed", ["", "hello", "0000-0000", "0" * 34, "3314991703050001"])
def test_anything_else_is_unknown_and_not_kept(scan: ScanTicket, typed: str) -> None:
    row = scan(typed)
    assert (row.result, row.ticket_id) == (ScanResult.UNKNOWN, None)


def test_the_token_of_a_ticket_that_was_never_made_is_unknown(scan: ScanTicket, keyring: Keyring) -> None:
    assert scan(keyring.ticket_token(4711)).result is ScanResult.UNKNOWN


def test_the_same_nonce_gets_the_same_answer(book: Book, scan: ScanTicket, clock: FixedClock, session: Session) -> None:
    booking, other = book(), book()
    clock.set(EIGHT)
    first = scan(booking, nonce="the-same")
    clock.advance(minutes=1)
    assert scan(booking, nonce="the-same") is first
    with pytest.raises(RequestChanged):  # else it would answer for somebody else
        scan(other, nonce="the-same")
    assert other.tickets[0].state is TicketState.BOOKED
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 1


def test_an_admission_can_be_undone_within_two_minutes(
    book: Book, scan: ScanTicket, session: Session, office: Office, desk: Staff, clock: FixedClock, audited
) -> None:
    booking = book()
    clock.set(EIGHT)
    row = scan(booking)
    now = clock.advance(minutes=2)
    for _ in range(2):  # the second time changes nothing
        assert undo_check_in(session, row.id, office_id=office.id, staff_id=desk.id, now=now).undone_at == now
        session.commit()
    assert booking.tickets[0].state is TicketState.BOOKED
    assert [entry.action for entry in audited()[-2:]] == ["ticket.checked_in", "ticket.booked"]
    assert audited()[-1].reason == "undo"
    assert scan(booking).result is ScanResult.CHECKED_IN


def test_after_two_minutes_it_stands(
    book: Book, scan: ScanTicket, session: Session, office: Office, desk: Staff, clock: FixedClock
) -> None:
    booking = book()
    clock.set(EIGHT)
    row = scan(booking)
    with pytest.raises(UndoExpired):
        undo_check_in(session, row.id, office_id=office.id, staff_id=desk.id, now=clock.advance(minutes=2, seconds=1))
    assert booking.tickets[0].state is TicketState.CHECKED_IN


def test_only_an_admission_at_the_own_desk_can_be_undone(
    book: Book, scan: ScanTicket, session: Session, office: Office, desk: Staff, clock: FixedClock
) -> None:
    booking = book()
    clock.set(EIGHT)
    admitted, already, unknown = scan(booking), scan(booking), scan("hello")
    other = make_office(session, "gemolong")
    for check_in_id, office_id in (
        (4711, office.id),
        (admitted.id, other.id),
        (already.id, office.id),
        (unknown.id, office.id),
    ):
        with pytest.raises(NotFound):
            undo_check_in(session, check_in_id, office_id=office_id, staff_id=desk.id, now=clock.now())


def test_an_admission_stands_when_the_person_has_booked_again_since(
    book: Book, scan: ScanTicket, session: Session, office: Office, desk: Staff, clock: FixedClock
) -> None:
    siti = make_applicant()
    booking = book(siti)
    clock.set(EIGHT)
    row = scan(booking)
    book(siti, day=FRIDAY)
    with pytest.raises(IllegalTransition):
        undo_check_in(session, row.id, office_id=office.id, staff_id=desk.id, now=clock.now())


def test_absent_is_who_has_not_come_when_the_last_window_of_the_day_ends(
    book: Book, scan: ScanTicket, session: Session, clock: FixedClock
) -> None:
    absent, present = book(), book()
    clock.set(EIGHT)
    scan(present)
    assert mark_no_shows(session, now=EIGHT + timedelta(minutes=119)) == 0  # the 09.00 window goes on
    end = EIGHT + timedelta(hours=2)
    assert mark_no_shows(session, now=end) == 1
    assert mark_no_shows(session, now=end) == 0
    assert (absent.tickets[0].state, present.tickets[0].state) == (TicketState.NO_SHOW, TicketState.CHECKED_IN)


def test_who_comes_after_closing_is_late_and_can_be_undone(
    book: Book, scan: ScanTicket, session: Session, office: Office, desk: Staff, clock: FixedClock
) -> None:
    booking = book()
    clock.set(EIGHT + timedelta(hours=3))
    mark_no_shows(session, now=clock.now())
    row = scan(booking)
    assert (row.result, booking.tickets[0].state) == (ScanResult.LATE, TicketState.CHECKED_IN)
    undo_check_in(session, row.id, office_id=office.id, staff_id=desk.id, now=clock.now())
    assert mark_no_shows(session, now=clock.now()) == 1


def test_who_comes_late_is_admitted_even_with_a_new_booking(
    book: Book, scan: ScanTicket, session: Session, clock: FixedClock
) -> None:
    """Marked absent at ten, booked again at eleven, at the desk at twelve: nothing may break there."""
    siti = make_applicant()
    booking = book(siti)
    clock.set(EIGHT + timedelta(hours=3))
    mark_no_shows(session, now=clock.now())
    book(siti, day=datetime(2026, 11, 30, tzinfo=WIB).date())
    clock.advance(hours=1)
    assert scan(booking).result is ScanResult.LATE
