"""An office with a few days of places, and a way to drop an index for a control."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Share, Window
from queue_app.domain.clock import office_date
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Actor
from queue_app.models import Base, Service, Slot
from queue_app.services.arrivals import admission
from queue_app.services.assisted import book_for_others
from queue_app.services.booking.book import book_alone
from queue_app.services.booking.change import cancel
from queue_app.services.booking.request import Applicant
from queue_app.services.calendar import closing, quota, schedule
from tests.concurrency.races import Step, claims
from tests.harness import factories
from tests.harness.fakes import THURSDAY, FixedClock
from tests.harness.hall import Hall

ADMINISTRATOR = Actor.staff(1)
OFFICER = Actor.staff(1)
# Citizens may book until the window begins, and half an hour before, whoever is there may have what is free.
RULES = {"closes_days_before": 0, "closes_at": time(23), "releases_at": time(7, 30), "changes_close_days_before": 0}
RULES |= {"changes_close_at": time(23), "hours": (8,), "days": 1}


@dataclass(frozen=True)
class Place:
    """A service at an office, with the slots of the first days that can be booked."""

    office_id: int
    service_id: int
    offering_id: int
    days: tuple[date, ...]
    day_ids: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]  # ids, one tuple for each day

    @property
    def slot(self) -> int:
        return self.slots[0][0]


@pytest.fixture
def opened(app: Flask, clock: FixedClock) -> Callable[..., Place]:
    """Opens an office: ``opened(capacity=5, hours=(8, 9))``; one more with another ``slug`` gives the same service."""

    def open_office(slug: str = "sragen", days: int = 3, **keywords: Any) -> Place:
        with app.app_context(), unit_of_work() as session:
            office = factories.make_office(session, slug)
            service = session.get(Service, 1) or factories.make_service(session)
            rules = {"opens_days_before": days, "weekdays": tuple(range(7)), **keywords}
            offering = factories.make_offering(session, office, service, now=clock.now(), **rules)
            first = office_date(clock.now(), office.time_zone) + timedelta(days=1)
            bookable = tuple(first + timedelta(days=offset) for offset in range(days))
            slots = [factories.slots_of(session, offering, day) for day in bookable]
            return Place(
                office.id,
                service.id,
                offering.id,
                bookable,
                tuple(of_day[0].service_day_id for of_day in slots),
                tuple(tuple(slot.id for slot in of_day) for of_day in slots),
            )

    return open_office


@pytest.fixture
def booking(clock: FixedClock, keyring: FileKeyring) -> Callable[..., Step]:
    """A step that books: ``booking(slot_id, applicant)``; its value is (booking id, code, queue numbers)."""

    def make(slot_id: int, *applicants: Applicant, **request: Any) -> Step:
        wanted = factories.make_request(slot_id, *applicants, **request)

        def step(session: Any) -> tuple[int, str, list[int]]:
            stored = book_alone(session, wanted, keyring=keyring, now=clock.now())
            return stored.booking_id, stored.code, sorted(ticket.queue_number for ticket in stored.tickets)

        return claims(step)

    return make


@pytest.fixture
def opened_today(app: Flask, opened: Callable[..., Place], clock: FixedClock) -> Callable[..., Place]:
    """An office on the morning of its first day, when the hour of release has just come."""

    def open_office(**keywords: Any) -> Place:
        place = opened(**RULES | keywords)
        with app.app_context():
            clock.set(db.session().get_one(Slot, place.slot).starts_at - timedelta(minutes=30))
        return place

    return open_office


@pytest.fixture
def giving(clock: FixedClock, keyring: FileKeyring) -> Callable[..., Step]:
    """A step of a desk: ``giving(place, applicant, now=False)`` is for the first window; its value is the booking."""
    serial = itertools.count()

    def make(
        place: Place,
        *people: Applicant,
        now: bool = True,
        priority: Priority | None = None,
        staff_id: int | None = None,
        **request: Any,
    ) -> Step:
        people = people or (factories.make_applicant(),)
        key = f"assisted-{next(serial)}"

        def step(session: Session) -> Any:
            starts_at = None if now else session.get_one(Slot, place.slot).starts_at
            wanted = book_for_others.AssistedRequest(
                place.offering_id, starts_at, people, None, "id", key, Channel.DESK, priority, **request
            )
            here = {"office_id": place.office_id, "keyring": keyring, "now": clock.now(), "actor": OFFICER}
            return book_for_others.book_assisted(session, wanted, **here, staff_id=staff_id)

        return step

    return make


@pytest.fixture
def cancelling(clock: FixedClock) -> Callable[[int], Step]:
    return lambda booking_id: lambda session: cancel(session, booking_id, now=clock.now()).id


@pytest.fixture
def without_index(app: Flask) -> Callable[[str], AbstractContextManager[None]]:
    """Drops a partial unique index while the block runs. The rows go before it comes back: they may break it."""

    @contextmanager
    def dropped(name: str) -> Iterator[None]:
        index = next(index for table in Base.metadata.tables.values() for index in table.indexes if index.name == name)
        of_tickets = ("check_in", "outbox_message", "ticket", "booking")
        with app.app_context():
            engine = db.engine
        with engine.begin() as connection:
            index.drop(connection)
        try:
            yield
        finally:
            with engine.begin() as connection:
                for table in ("print_job", "offer", "visit", *of_tickets):
                    connection.execute(text(f"DELETE FROM {table}"))
                index.create(connection)

    return dropped


@pytest.fixture
def closing_day(clock: FixedClock) -> Callable[[int], Step]:
    def step(session: Any, day_id: int) -> int:
        return closing.close_day(
            session, day_id, reason_id="Listrik padam", reason_en="", actor=ADMINISTRATOR, now=clock.now()
        ).id

    return lambda day_id: lambda session: step(session, day_id)


@pytest.fixture
def opening_day(clock: FixedClock) -> Callable[[int], Step]:
    return lambda day_id: (
        lambda session: closing.open_day(session, day_id, reason="Listrik nyala", actor=ADMINISTRATOR, now=clock.now())
    )


@pytest.fixture
def setting_quota(clock: FixedClock) -> Callable[[int, int], Step]:
    return lambda day_id, places: (
        lambda session: quota.set_day_quota(
            session, day_id, places, reason="Operator sakit", actor=ADMINISTRATOR, now=clock.now()
        )
    )


@pytest.fixture
def setting_schedule(clock: FixedClock) -> Callable[..., Step]:
    """``setting_schedule(place, first_day, hours, capacity)``: the same hours every day."""

    def make(place: Place, first: date, hours: tuple[int, ...], capacity: int) -> Step:
        windows = tuple(
            Window(weekday, time(hour), time(hour + 1), Share.PUBLIC, capacity)
            for weekday in range(7)
            for hour in hours
        )
        new = schedule.NewSchedule(f"Mulai {first}", first, None, windows)
        return lambda session: (
            schedule.set_schedule(
                session, place.offering_id, new, reason="Jadwal baru", actor=ADMINISTRATOR, now=clock.now()
            ).id
        )

    return make


@pytest.fixture
def hall(session: Session, clock: FixedClock) -> Hall:
    """Four counters that take one service; the second takes another one, too."""
    offering = factories.make_offering(session, now=clock.now(), opens_days_before=7, weekdays=(3,))
    hall = Hall(session, clock, offering, factories.slots_of(session, offering, THURSDAY))
    hall.open(3, hall.service_id)
    hall.open(4, hall.service_id)
    session.commit()
    return hall


@pytest.fixture
def admit_anyway(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Takes the guard away from all who let somebody in: the state of the ticket in the condition of that step."""

    def take_away(*, visit: bool = True) -> None:
        monkeypatch.setattr(admission, "STEP", admission.STEP.replace("AND state = :before", ""))
        monkeypatch.setattr(admission, "_postgresql_statement", admission._postgresql_statement.__wrapped__)
        if not visit:
            nobody = "(SELECT * FROM {stepped}) AS stepped WHERE FALSE"
            monkeypatch.setattr(admission, "BEGIN_VISIT", admission.BEGIN_VISIT.replace("{stepped}", nobody))

    return take_away
