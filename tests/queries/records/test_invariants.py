"""Each invariant sees what breaks it: a check that never fails would prove nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Booking, OfficeService
from queue_app.queries.records.invariants import Finding, verify
from queue_app.services.booking.change import cancel
from queue_app.services.records import audit
from tests.harness.closing import closed
from tests.harness.factories import TESTER, make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3, 4))

SITI = make_applicant(4711)
Find = Callable[[], dict[str, Finding]]


@pytest.fixture
def booking(session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock) -> Booking:
    """Two bookings on Thursday, one of them cancelled; one on Friday, which is closed then; all sealed."""
    thursday, friday = slots_of(session, offering, THURSDAY), slots_of(session, offering, FRIDAY)
    booking = make_booking(session, thursday[0].id, SITI, keyring=keyring, now=clock.now())
    gone = make_booking(session, thursday[1].id, keyring=keyring, now=clock.now())
    cancel(session, gone.id, now=clock.now())
    make_booking(session, friday[0].id, keyring=keyring, now=clock.now())
    closed(session, offering, FRIDAY, now=clock.now())
    audit.seal_entries(session, keyring=keyring, now=clock.now())
    session.commit()
    return booking


@pytest.fixture
def find(session: Session, booking: Booking, keyring: Keyring, clock: FixedClock) -> Find:
    """What is broken now, an hour later, by the code of the invariant."""

    def find() -> dict[str, Finding]:
        session.flush()
        session.expire_all()
        findings = verify(session, keyring=keyring, now=clock.now() + timedelta(hours=1))
        assert [finding.code for finding in findings] == [f"I{number}" for number in (*range(1, 15), 16, 17)]
        return {finding.code: finding for finding in findings if finding.breaches}

    return find


def test_an_ordinary_day_breaks_nothing(find: Find) -> None:
    assert find() == {}


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("I1", "UPDATE slot SET booked = booked + 1 WHERE booked = 0"),
        ("I1", "UPDATE slot SET booked = 0 WHERE booked = 1"),
        ("I5", "UPDATE ticket SET state = 'no_show' WHERE state = 'booked'"),
        ("I7", "UPDATE service_day SET status = 'holiday' WHERE status = 'open'"),
        ("I7", "DELETE FROM offer"),
        ("I7", "UPDATE closure SET state = 'revoked', undone_at = revoked_at"),
        ("I7", "UPDATE offer SET state = 'accepted'"),
        ("I1", "UPDATE offer SET state = 'lapsed'"),
        ("I1", "UPDATE offer SET places = places + 1"),
        ("I7", "UPDATE slot SET accepts = true WHERE NOT accepts"),
        ("I8", "UPDATE audit_entry SET actor = 'staff:1'"),
        ("I8", "UPDATE audit_seal SET sequence = sequence + 100"),
        ("I8", "DELETE FROM audit_seal"),
        ("I9", "UPDATE service_day SET reason_id = 'hubungi 0812-3456-7890'"),
        ("I9", "UPDATE outbox_message SET last_error = 'to +6281234567890'"),
        ("I9", "UPDATE office_service SET who_id = '3314991703050001'"),
        ("I10", "UPDATE service_day SET walk_ins = 1"),
        ("I10", "UPDATE ticket SET walk_in = true"),
        ("I11", "UPDATE ticket SET state = 'checked_in' WHERE state = 'booked'"),
        (
            "I11",
            "INSERT INTO visit (ticket_id, office_id, service_id, day, state, since, arrived_at, window_at, late,"
            " calls, skips, not_before, had_more_time) SELECT id, office_id, service_id, day, 'waiting', starts_at,"
            " starts_at, starts_at, false, 0, 0, 0, false FROM ticket",
        ),
    ],
)
def test_tampering_is_seen(session: Session, find: Find, code: str, statement: str) -> None:
    assert session.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined]
    assert code in find()


def test_a_ticket_that_is_gone_or_came_from_nowhere_is_seen(session: Session, booking: Booking, find: Find) -> None:
    (ticket,) = booking.tickets
    session.execute(text("UPDATE ticket SET id = 4711 WHERE id = :id"), {"id": ticket.id})
    session.expunge_all()
    finding = find()["I2"]
    assert set(finding.breaches) == {
        f"ticket {ticket.id} was acknowledged and is gone",
        "ticket 4711 exists without a record of its making",
    }


def test_a_second_active_ticket_of_one_person_is_seen(session: Session, booking: Booking, find: Find) -> None:
    session.execute(text("DROP INDEX uq_ticket_active_person_index"))
    person = booking.tickets[0].person_index
    session.execute(text("UPDATE ticket SET person_index = :person"), {"person": person})
    try:
        assert "I3" in find()
    finally:
        session.rollback()  # the index too


def test_an_illegal_step_in_the_log_is_seen(session: Session, booking: Booking, find: Find, clock: FixedClock) -> None:
    (ticket,) = booking.tickets
    for before, after in (("cancelled", "booked"), ("booked", "booked")):
        audit.record(
            session,
            "ticket.booked",
            "ticket",
            ticket.id,
            actor=TESTER,
            now=clock.now(),
            before={"state": before},
            after={"state": after},
        )
    assert len(find()["I5"].breaches) >= 3


def test_what_is_not_sealed_after_a_minute_is_seen(
    session: Session, find: Find, keyring: Keyring, clock: FixedClock
) -> None:
    hour = timedelta(hours=1)
    for at, breached in ((clock.now() + hour - timedelta(seconds=59), False), (clock.now(), True)):
        audit.record(session, "day.quota", "service_day", 1, actor=TESTER, now=at)
        assert ("I8" in find()) is breached


def test_breaches_name_rows_and_nobody(session: Session, find: Find) -> None:
    session.execute(text("UPDATE service_day SET reason_id = 'Siti 0812-3456-7890'"))
    for breach in find()["I9"].breaches:
        assert "0812" not in breach
        assert "Siti" not in breach
