"""Bookings of another system, taken over by the service: what is stored, and that a refused file leaves nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, DayClosed, SlotFull
from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.exchange.rows import Line, rows_of
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.priority import Channel
from queue_app.models import AuditEntry, Booking, Office, OfficeService, OutboxMessage, Slot, Ticket
from queue_app.queries.booking.contacts import contact_of
from queue_app.queries.records.invariants import verify
from queue_app.services.exchange.bookings import Importer, import_bookings
from queue_app.services.exchange.report import ImportRefused, Report
from queue_app.services.records.audit import seal_entries
from queue_app.web.forms.email_field import read_email
from tests.harness.factories import TESTER, make_nik, make_offering, make_service
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

HEADINGS = ("Kantor", "Layanan", "Tanggal", "Jam", "NIK", "Nama", "Nomor HP", "Email", "Nomor lama")


def row(
    clock: str = "08.00", nik: str | None = None, *others: str, day: date = THURSDAY, service: str = "KTP_REKAM"
) -> tuple[str, ...]:
    return ("sragen", service, day.isoformat(), clock, nik or make_nik().digits, "Siti Wahyuni", *others)


def take_over(
    session: Session, keyring: Keyring, clock: FixedClock, rows: Sequence[tuple[str, ...]], *, tells: bool = False
) -> Report:
    lines = [Line(number, cells) for number, cells in enumerate([HEADINGS, *rows], start=1)]
    importer = Importer(session.scalars(select(Office)).all(), keyring, TESTER, tells=tells)
    sheet = rows_of(ImportKind.BOOKINGS, lines)
    return import_bookings(session, sheet.rows, importer, read_email=read_email, now=clock.now())


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_booking_is_a_booking_like_those_of_the_desk(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    nik = make_nik().digits
    report = take_over(session, keyring, clock, [row("08.00", nik, "81234567890", "siti@contoh.id", "A-007")])
    booking = session.scalars(select(Booking)).one()
    (ticket,) = booking.tickets
    assert report.done[0].given == (f"A-{ticket.queue_number:03}", booking.code, "A-007")
    assert booking.channel is Channel.DESK
    person, contact = person_of(ticket, booking.code, keyring), contact_of(booking, keyring)
    assert (person.nik and person.nik.digits, person.name) == (nik, "Siti Wahyuni")
    assert (contact.phone, contact.email) == ("+6281234567890", "siti@contoh.id")
    assert count(session, OutboxMessage) == 0
    entries = {one.action: one.after for one in session.scalars(select(AuditEntry))}
    assert entries["ticket.taken_over"] == {"old_number": "A-007"}
    assert entries["ticket.booked"]["number"] == ticket.queue_number
    session.commit()
    seal_entries(session, keyring=keyring, now=clock.now())
    assert not [found for found in verify(session, keyring=keyring, now=clock.now()) if found.breaches]


def test_people_are_told_where_that_is_wanted(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    take_over(session, keyring, clock, [row(), row("09.00")], tells=True)
    assert count(session, OutboxMessage) == 2


def test_all_that_is_wrong_is_told_at_once_and_nothing_stays(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    nik = make_nik().digits
    rows = [row(), row(), row(), row("09.00", nik), row("09.00", nik), row("10.00"), row("08.00", "331499")]
    with pytest.raises(ImportRefused) as refused:
        take_over(session, keyring, clock, rows)
    session.rollback()
    problems = refused.value.report.problems
    codes = sorted(one.refusal.code for one in problems)
    assert codes == sorted([SlotFull.code, AlreadyBooked.code, "cell_refused", "invalid_nik"])
    assert {one.column for one in problems} == {"Jam", "NIK"}
    assert [count(session, model) for model in (Booking, Ticket, AuditEntry)] == [0, 0, 0]
    assert set(session.scalars(select(Slot.booked))) == {0}


def test_earlier_rows_win_whatever_days_hours_and_services_are_mixed(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    """Each hour of each service runs out by itself; two places an hour, and people in no order of theirs."""
    family = make_service(session, "KK")
    make_offering(session, offering.office, family, now=clock.now(), letter="B", kept={Share.ASSISTED: 1})
    session.commit()
    chance, left, rows, full = random.Random(8), Counter[object](), [], []
    for line in range(2, 62):
        window = (
            chance.choice(("08.00", "09.00")),
            chance.choice((THURSDAY, FRIDAY)),
            chance.choice(("KTP_REKAM", "KK")),
        )
        left[window] += 1
        if left[window] > (2 if window[2] == "KTP_REKAM" else 3):
            full.append(line)
        rows.append(row(window[0], day=window[1], service=window[2]))
    assert len(full) > 30
    with pytest.raises(ImportRefused) as refused:
        take_over(session, keyring, clock, rows)
    session.rollback()
    problems = refused.value.report.problems
    assert {one.refusal.code for one in problems} == {SlotFull.code}
    assert sorted(one.line for one in problems) == full
    rest = [one for line, one in enumerate(rows, start=2) if line not in full]
    assert len(take_over(session, keyring, clock, rest).done) == len(rest)


def test_who_is_booked_already_takes_nobodys_place(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    """And is told that, also where the hour has no place left; the first row of a person counts."""
    booked = [make_nik().digits for _ in range(20)]
    twice = make_nik().digits
    make_offering(session, offering.office, make_service(session, "KK"), now=clock.now(), letter="B", capacity=20)
    session.commit()
    take_over(session, keyring, clock, [row("09.00", nik, service="KK") for nik in booked])
    session.commit()
    rows = [row("08.00", nik, service="KK") for nik in booked]
    rows += [row("08.00", twice), row("08.00"), row("08.00", twice), row("08.00")]
    with pytest.raises(ImportRefused) as refused:
        take_over(session, keyring, clock, rows)
    told = {one.line: one.refusal.code for one in refused.value.report.problems}
    assert told == dict.fromkeys((*range(2, 22), 24), AlreadyBooked.code) | {25: SlotFull.code}


def test_rows_of_a_closed_day_are_told_so(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    for slot in session.scalars(select(Slot)):
        slot.accepts = False
    session.commit()
    with pytest.raises(ImportRefused) as refused:
        take_over(session, keyring, clock, [row() for _ in range(4)])
    assert {one.refusal.code for one in refused.value.report.problems} == {DayClosed.code}


def test_a_file_that_came_in_before_is_refused_and_changes_nothing(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    rows = [row(), row("09.00")]
    take_over(session, keyring, clock, rows)
    session.commit()
    with pytest.raises(ImportRefused):
        take_over(session, keyring, clock, rows)
    session.rollback()
    assert count(session, Ticket) == 2
