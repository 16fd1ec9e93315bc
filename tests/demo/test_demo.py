"""The demo loads into an empty database on any day of the year, looks alive, and breaks no rule."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from queue_app.adapters.setup_file import read_setup, write_setup
from queue_app.cli.setup import load_demo
from queue_app.db import engine_options
from queue_app.demo import sragen
from queue_app.demo.citizens import load_citizens
from queue_app.demo.every_day import load_offices_to_try
from queue_app.demo.sragen import load_offices
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.catalogue import CATALOGUE
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.tickets import show_number
from queue_app.models import (
    AuditEntry,
    Booking,
    CheckIn,
    Holiday,
    Office,
    OfficeService,
    OutboxMessage,
    Service,
    ServiceDay,
    Slot,
    Ticket,
)
from queue_app.queries.records.invariants import verify
from queue_app.services.setup.plan import carry_out_all, describe
from queue_app.sqlite_engine import prepare_sqlite
from tests.harness.databases import SqliteTemplate
from tests.harness.fakes import FixedClock

WIB = ZoneInfo("Asia/Jakarta")
ONE_SERVICE = replace(sragen.PLANS[0], services=sragen.MAIN_SERVICES[:1])
MOMENTS = [
    datetime(2026, 11, 25, 9, 30, tzinfo=WIB),  # in the middle of a Wednesday morning
    datetime(2026, 11, 28, 12, 0, tzinfo=WIB),  # Saturday
    datetime(2026, 12, 31, 23, 59, tzinfo=WIB),  # the year ends a minute later
    datetime(2027, 3, 8, 0, 0, tzinfo=WIB),  # shortly before Idul Fitri and its leave days
]


def breaches(session: Session, keyring: Keyring, now: datetime) -> list[object]:
    return [finding for finding in verify(session, keyring=keyring, now=now) if finding.breaches]


def recording(session: Session) -> OfficeService:
    return session.scalars(
        select(OfficeService)
        .join(Service)
        .join(Office, Office.id == OfficeService.office_id)
        .where(Service.code == "KTP_REKAM", Office.slug == "sragen")
    ).one()


def test_the_whole_demo_loads_once(app: Flask, session: Session, keyring: Keyring) -> None:
    now = app.extensions["clock"].now()
    booked = load_demo(app, citizens=True)
    assert booked is not None
    assert booked > 200
    assert load_demo(app, citizens=True) is None
    assert session.scalar(select(func.count()).select_from(Booking)) == booked
    assert [office.slug for office in session.scalars(select(Office).order_by(Office.position))] == [
        "sragen",
        "gemolong",
        "gondang",
    ]
    services = Counter(session.scalars(select(OfficeService.office_id)))
    assert sorted(services.values()) == [len(sragen.DISTRICT_SERVICES)] * 2 + [len(CATALOGUE)]
    assert breaches(session, keyring, now) == []


@contextmanager
def _empty(template: SqliteTemplate, path: Path) -> Iterator[Session]:
    url = template.copy(path)
    engine = create_engine(url, **engine_options(url, 1))
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def empty(tmp_path: Path, sqlite_template: SqliteTemplate) -> Iterator[Session]:
    """One kind of database is enough here: the whole demo above runs on both."""
    with _empty(sqlite_template, tmp_path / "queue.db") as session:
        yield session


def test_its_set_up_file_comes_in_again(
    empty: Session, sqlite_template: SqliteTemplate, tmp_path: Path, clock: FixedClock
) -> None:
    load_offices_to_try(empty, now=clock.now())
    empty.flush()
    written = write_setup(describe(empty, now=clock.now()), "")
    with _empty(sqlite_template, tmp_path / "again.db") as again:
        carry_out_all(again, read_setup(written, tmp_path), actor=sragen.ACTOR, now=clock.now())
        assert write_setup(describe(again, now=clock.now()), "") == written


@pytest.fixture(params=MOMENTS, ids=lambda moment: f"{moment:%a-%d-%b-%H.%M}")
def loaded(request: pytest.FixtureRequest, empty: Session, keyring: Keyring) -> tuple[Session, datetime]:
    """Only the main office and the service that has bookings: the others differ by name and number."""
    load_offices(empty, [ONE_SERVICE], now=request.param)
    load_citizens(empty, keyring=keyring, now=request.param)
    empty.commit()
    return empty, request.param


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_can_be_loaded_at_any_hour_of_any_day(loaded: tuple[Session, datetime], keyring: Keyring) -> None:
    session, now = loaded
    assert breaches(session, keyring, now) == []
    looks_alive(session, now)
    everybody_is_synthetic(session, keyring)
    days_are_as_announced(session)
    nothing_comes_from_the_future(session, now)


def looks_alive(session: Session, now: datetime) -> None:
    today = now.date()
    main = recording(session)
    days = session.scalars(
        select(ServiceDay)
        .where(ServiceDay.office_id == main.office_id, ServiceDay.service_id == main.service_id)
        .order_by(ServiceDay.day)
    ).all()
    assert DayStatus.CLOSED in {day.status for day in days}
    fullness = {
        day.day: sum(slot.booked for slot in day.slots) / sum(slot.capacity for slot in day.slots) for day in days
    }
    assert 1.0 in fullness.values()
    assert any(0 < share < 1 for share in fullness.values())
    states = Counter(session.scalars(select(Ticket.state).where(Ticket.day == today, Ticket.starts_at <= now)))
    if states:
        assert states[TicketState.CHECKED_IN] > states[TicketState.BOOKED] > 0
    assert (datetime(2026, 11, 25).date() == today) <= bool(states)  # noqa: DTZ001


def everybody_is_synthetic(session: Session, keyring: Keyring) -> None:
    seen = set()
    for ticket in session.scalars(select(Ticket)):
        owner = person_of(ticket, ticket.booking.code, keyring)
        name, nik = owner.name, owner.nik
        assert name
        assert nik is not None
        assert nik.is_synthetic
        seen.add(nik.digits)
    assert len(seen) == session.scalar(select(func.count()).select_from(Ticket))


def days_are_as_announced(session: Session) -> None:
    main = recording(session)
    days = session.scalars(
        select(ServiceDay).where(ServiceDay.office_id == main.office_id, ServiceDay.service_id == main.service_id)
    ).all()
    assert len(days) > 20
    windows = {}
    for day in days:
        assert sum(slot.capacity for slot in day.slots) == 50
        windows.setdefault(day.day.weekday(), set()).add(len(day.slots))
    assert windows == {0: {6}, 1: {6}, 2: {6}, 3: {6}, 4: {3}}
    holidays = {holiday.date: holiday for holiday in session.scalars(select(Holiday))}
    assert {holidays[day].name_en for day in holidays if (day.month, day.day) == (8, 17)} == {"Independence Day"}
    for day in days:
        assert (day.status is DayStatus.HOLIDAY) == (day.day in holidays)
        assert {slot.accepts for slot in day.slots} == {day.status is DayStatus.OPEN}


def nothing_comes_from_the_future(session: Session, now: datetime) -> None:
    for column in (AuditEntry.at, CheckIn.at, Booking.created_at, OutboxMessage.due_at):
        newest = session.scalar(select(func.max(column)))
        assert newest is None or newest <= now, column


def test_this_years_holidays_are_decided_and_the_next_ones_proposed(empty: Session) -> None:
    for _ in range(2):  # and not twice
        sragen.seed_holidays(empty, date(2026, 11, 23), now=MOMENTS[0])
    holidays = {holiday.date: holiday for holiday in empty.scalars(select(Holiday))}
    for year, status in ((2026, HolidayStatus.CONFIRMED), (2027, HolidayStatus.PROPOSED)):
        assert {date(year, 1, 1), date(year, 8, 17), date(year, 12, 25)} <= set(holidays)
        assert {holiday.status for day, holiday in holidays.items() if day.year == year} == {status}
    assert holidays[date(2026, 8, 17)].name_id == "Hari Kemerdekaan Republik Indonesia"
    assert all(holiday.name_id and holiday.name_en for holiday in holidays.values())


def test_numbers_of_a_day_rise_with_the_hours(empty: Session, keyring: Keyring) -> None:
    load_offices(empty, [ONE_SERVICE], now=MOMENTS[0])
    slots = empty.scalars(select(Slot).order_by(Slot.service_day_id, Slot.starts_at)).all()
    for earlier, later in zip(slots, slots[1:], strict=False):
        if earlier.service_day_id == later.service_day_id:
            assert earlier.last_number < later.next_number
    assert show_number("A", slots[-1].last_number)
