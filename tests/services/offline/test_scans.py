"""Scans that a device has decided by itself: their own time counts, and what has changed since is left to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, CheckIn, Office, OfflineEntry, Staff, Visit
from queue_app.services.booking.change import cancel
from queue_app.services.offline.entries import GivenTime, Sender, given_time
from queue_app.services.offline.scans import OfflineScan, settle, sync_scan
from tests.harness.fakes import FixedClock
from tests.harness.hall import EIGHT
from tests.services.conftest import Book

Keep = Callable[..., tuple[OfflineEntry, ...]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sender(session: Session, office: Office, clock: FixedClock) -> Sender:
    staff = Staff(username="meja", name="Petugas Meja", password_hash="-", created_at=clock.now())
    session.add(staff)
    session.flush()
    return Sender(office.id, office.time_zone, staff.id, earliest=EIGHT - timedelta(days=1))


@pytest.fixture
def keep(session: Session, sender: Sender, keyring: Keyring, clock: FixedClock) -> Keep:
    def keep(typed: str, *admitted: int, at: datetime, nonce: str = "a" * 32) -> tuple[OfflineEntry, ...]:
        kept = OfflineScan(nonce, typed, at, frozenset(admitted))
        entries = sync_scan(session, kept, sender=sender, keyring=keyring, now=clock.now())
        session.commit()
        return entries

    return keep


@pytest.mark.parametrize(
    ("at", "result"),
    [(EIGHT + 85 * MINUTE, "checked_in"), (EIGHT + 95 * MINUTE, "late"), (EIGHT - 31 * MINUTE, "too_early")],
)
def test_the_rules_of_the_moment_in_which_it_was_scanned(
    book: Book, keep: Keep, clock: FixedClock, session: Session, at: datetime, result: str
) -> None:
    booking = book()
    clock.set(EIGHT + 5 * 60 * MINUTE)
    (entry,) = keep(booking.code, booking.tickets[0].id, at=at)
    assert (entry.answer, entry.at, entry.received_at) == (result, at, clock.now())
    assert entry.conflict == (result == "too_early")
    visit = session.get(Visit, booking.tickets[0].id)
    assert (visit.arrived_at if visit else None) == (None if result == "too_early" else at)


@pytest.mark.parametrize(
    ("claimed", "at", "told"),
    [
        (EIGHT + MINUTE, EIGHT, True),
        (EIGHT + timedelta(seconds=4), EIGHT, False),  # clocks differ by so much
        (EIGHT - timedelta(days=30), EIGHT - 2 * MINUTE, True),
        (EIGHT - MINUTE, EIGHT - MINUTE, False),
    ],
)
def test_a_time_that_cannot_be_is_set_right(claimed: datetime, at: datetime, told: bool, sender: Sender) -> None:
    given = given_time(claimed, replace(sender, earliest=EIGHT - 2 * MINUTE), now=EIGHT)
    assert given == GivenTime(at, claimed if told else None)


def test_whoever_of_a_family_has_cancelled_since(book: Book, keep: Keep, clock: FixedClock, session: Session) -> None:
    booking = book(persons=2)
    first, second = (ticket.id for ticket in booking.tickets)
    cancel(session, booking.id, now=clock.now(), position=1)
    session.commit()
    clock.set(EIGHT)
    entries = keep(booking.code, first, second, at=EIGHT)
    assert {(one.ticket_id, one.answer, one.conflict) for one in entries} == {
        (first, "checked_in", False),
        (second, "cancelled", True),
    }
    assert [one.id for one in keep(booking.code, first, second, at=EIGHT)] == [one.id for one in entries]
    assert session.query(CheckIn).count() == 1


def test_settling_takes_a_reason_and_an_own_conflict(
    book: Book, keep: Keep, clock: FixedClock, session: Session, sender: Sender
) -> None:
    booking = book()
    clock.set(EIGHT)
    keep(booking.code, booking.tickets[0].id, at=EIGHT)
    (entry,) = keep(booking.code, booking.tickets[0].id, at=EIGHT, nonce="b" * 32)
    own = {"office_id": sender.office_id, "staff_id": sender.staff_id, "now": clock.now()}
    with pytest.raises(ReasonRequired):
        settle(session, entry.id, note=" ", **own)
    with pytest.raises(NotFound):
        settle(session, entry.id, note="di kantor lain", **{**own, "office_id": sender.office_id + 1})
    for _ in range(2):
        settle(session, entry.id, note="orang yang sama", **own)
    session.commit()
    assert (entry.settled_by, entry.note) == (sender.staff_id, "orang yang sama")
    assert [row.action for row in session.query(AuditEntry)].count("offline.settled") == 1
