"""The demo's citizens: synthetic people who have booked and come, so that every screen has something to show."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError
from queue_app.domain.identity import parse_nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, Service, Slot, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.book import book
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.services.calendar.closing import close_day
from queue_app.services.records import audit

from .every_day import daily_offering
from .sragen import ZONE

ACTOR = Actor.system("demo")
FIRST_NAMES = ("Siti", "Agus", "Dewi", "Budi", "Sri", "Eko", "Rina", "Joko", "Wati", "Dwi", "Ayu", "Bayu", "Tri", "Nur")
LAST_NAMES = ("Wahyuni", "Santoso", "Lestari", "Prasetyo", "Utami", "Nugroho", "Rahayu", "Widodo", "Saputra")


def load_citizens(session: Session, *, keyring: Keyring, now: datetime) -> int:
    """Synthetic bookings (`331499…`) over the coming days, a full day, a closed day, and arrivals of today.

    Returns the number of bookings. The same on every machine and day of loading: the generator is seeded.
    """
    chance = random.Random(3314)
    recording = session.scalars(
        select(OfficeService)
        .join(Service, Service.id == OfficeService.service_id)
        .where(Service.code == "KTP_REKAM")
        .order_by(OfficeService.id)
    ).all()
    daily = daily_offering(session)
    booked = 0
    for offering in recording:
        days = _coming_days(session, offering, now=now)[:12]
        for index, day in enumerate(days):
            fill = 1.0 if index == 2 else max(0.0, 0.85 - index * 0.09) * chance.uniform(0.8, 1.1)
            for slot in _slots(session, offering, day):
                for _ in range(min(slot.capacity, round(slot.capacity * fill))):
                    booked += _book_somebody(session, slot, chance, booked + 1, keyring=keyring, now=now)
        if offering is recording[0] and len(days) > 5:
            _close_for_training(session, offering, days[5], now=now)
    if daily is not None:
        for day in _coming_days(session, daily, now=now)[:3]:
            for slot in _slots(session, daily, day):
                for _ in range(chance.randrange(2, 5)):
                    booked += _book_somebody(session, slot, chance, booked + 1, keyring=keyring, now=now)
    session.flush()
    _arrive_today(session, chance, keyring=keyring, now=now)
    while audit.seal_entries(session, keyring=keyring, now=now):
        pass
    return booked


def _coming_days(session: Session, offering: OfficeService, *, now: datetime) -> list[date]:
    """Open days from today on."""
    rows = session.scalars(
        select(Slot.day)
        .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.accepts)
        .where(Slot.day >= office_date(now, ZONE))
        .distinct()
        .order_by(Slot.day)
    )
    return list(rows)


def _slots(session: Session, offering: OfficeService, day: date) -> Sequence[Slot]:
    return session.scalars(
        select(Slot)
        .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.day == day)
        .order_by(Slot.starts_at)
    ).all()


def _book_somebody(
    session: Session, slot: Slot, chance: random.Random, serial: int, *, keyring: Keyring, now: datetime
) -> int:
    """Book as if a few days ago, so that today's and tomorrow's places are taken too."""
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(17_500))
    sex = chance.choice((0, 40))
    nik = parse_nik(f"331499{born.day + sex:02d}{born:%m%y}{serial:04d}")
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    phone = f"+62810{chance.randrange(10**7):07d}"
    booked_at = now - timedelta(days=3, minutes=chance.randrange(600))
    request = BookingRequest(
        slot.id, (Applicant(name, nik),), phone, None, chance.choice(("id", "id", "id", "en")), None
    )
    try:
        book(session, request, keyring=keyring, now=booked_at, actor=ACTOR)
    except DomainError:
        return 0  # full, or not open yet three days ago
    return 1


def _close_for_training(session: Session, offering: OfficeService, day: date, *, now: datetime) -> None:
    service_day_id = session.scalars(
        select(Slot.service_day_id)
        .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.day == day)
        .limit(1)
    ).one()
    close_day(
        session,
        service_day_id,
        reason_id="Pelatihan petugas",
        reason_en="Staff training",
        actor=ACTOR,
        now=now,
    )


def _arrive_today(session: Session, chance: random.Random, *, keyring: Keyring, now: datetime) -> None:
    """Most people whose window has begun today are there already."""
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.day == office_date(now, ZONE), Ticket.starts_at <= now, Ticket.state == TicketState.BOOKED)
        .order_by(Ticket.starts_at, Ticket.id)
    ).all()
    for ticket in tickets:
        if chance.random() < 0.85:
            scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, f"demo-{ticket.id}")
            arrived_at = min(now, ticket.starts_at + timedelta(minutes=chance.randrange(50)))
            check_in(session, scan, keyring=keyring, now=arrived_at)
