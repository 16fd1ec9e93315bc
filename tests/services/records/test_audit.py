"""One scripted day: every step is in the audit log, and nobody's data is."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share, Window
from queue_app.domain.identity import holds_personal_number, parse_nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor, Role
from queue_app.models import Office, OfficeService, Ticket
from queue_app.queries.records.invariants import verify
from queue_app.services.access import staff as staff_service
from queue_app.services.access.colleagues import deactivate_staff
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.request import Applicant
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.services.calendar.quota import set_day_quota
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from queue_app.services.records import audit
from queue_app.services.records.retention import purge
from tests.harness.factories import TESTER, make_staff
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
SITI = Applicant("Siti Wahyuni", parse_nik("3314994107900001"))
ACTIONS = {
    "ticket.booked",
    "ticket.cancelled",
    "ticket.rescheduled",
    "ticket.checked_in",
    "ticket.no_show",
    "day.quota",
    "closure.drafted",
    "closure.confirmed",
    "closure.revoked",
    "schedule.set",
    "staff.created",
    "staff.logged_in",
    "staff.logged_out",
    "staff.deactivated",
    "booking.purged",
    "purge.deleted",
}


def live_a_day(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    office = session.get_one(Office, offering.office_id)
    desk = make_staff(session, office, Role.DESK, now=clock.now())
    admin = Actor.staff(desk.id)
    token = staff_service.start_session(session, desk.id, now=clock.now())

    moved, gone = book(SITI, email="siti@example.id"), book()
    reschedule(session, moved.id, slots()[1].id, now=clock.now())
    cancel(session, gone.id, now=clock.now())
    book()  # will be absent
    friday = slots(FRIDAY)[0].service_day_id
    now = clock.now()
    set_day_quota(session, friday, 9, reason="Tambahan alat", actor=admin, now=now)
    book(day=FRIDAY)
    close_day(session, friday, reason_id="Listrik padam", reason_en="Power cut", actor=admin, now=now)
    open_day(session, friday, reason="Listrik menyala", actor=admin, now=now)
    windows = (Window(0, time(8), time(9), Share.PUBLIC, 5),)
    new = NewSchedule("Libur sekolah", date(2026, 11, 30), date(2026, 12, 4), windows)
    set_schedule(session, offering.id, new, reason="Libur sekolah", actor=admin, now=now)

    clock.set(datetime(2026, 11, 26, 9, tzinfo=WIB))
    ticket = session.get_one(Ticket, moved.tickets[-1].id)
    for nonce in ("one", "two"):
        scan = Scan(keyring.ticket_token(ticket.id), office.id, desk.id, nonce)
        (row,) = check_in(session, scan, keyring=keyring, now=clock.now())
        if nonce == "one":
            undo_check_in(session, row.id, office_id=office.id, staff_id=desk.id, now=clock.now())
    mark_no_shows(session, now=clock.advance(hours=2))
    staff_service.end_session(session, token, now=clock.now())
    deactivate_staff(session, desk.id, reason="Pindah tugas", actor=TESTER, now=clock.now())
    purge(session, retention=timedelta(0), now=clock.now())
    session.commit()


def test_every_action_is_recorded_and_nothing_personal(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, audited
) -> None:
    live_a_day(session, book, slots, offering, keyring, clock)
    entries = audited()
    assert {entry.action for entry in entries} == ACTIONS
    for entry in entries:
        row = {column.key: getattr(entry, column.key) for column in entry.__table__.columns}
        assert not holds_personal_number(str(row))
        for personal in ("Siti", "Wahyuni", "siti@example.id", SITI.nik.digits):
            assert personal not in str(row)
        assert entry.actor == "citizen" or entry.actor.startswith(("staff:", "system:"))


def test_the_log_replays_to_what_is_stored(
    session: Session, book: Book, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock, audited
) -> None:
    live_a_day(session, book, slots, offering, keyring, clock)
    last = {entry.subject_id: entry.after["state"] for entry in audited() if entry.subject == "ticket"}
    stored = {ticket.id: str(ticket.state) for ticket in session.query(Ticket)}
    assert last == stored
    assert set(stored.values()) == {str(state) for state in TicketState}
    assert {ticket.day for ticket in session.query(Ticket)} == {THURSDAY, FRIDAY}
    while audit.seal_entries(session, keyring=keyring, now=clock.now()):
        session.commit()
    findings = verify(session, keyring=keyring, now=clock.now())
    assert [finding for finding in findings if finding.breaches] == []
