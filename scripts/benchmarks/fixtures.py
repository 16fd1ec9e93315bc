"""What a round finds in the tables, and what it left there: done by the code of the build that is measured.

Run by its path, with that build's checkout in PYTHONPATH, as a process that answers line by line: `["venue", {…}]` in,
JSON out. So nothing here comes from `scripts.benchmarks`, and what has moved since an older revision is looked for.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.db import db
from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.identity import parse_nik
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import (
    Booking,
    Office,
    OfficeService,
    Schedule,
    ScheduleWindow,
    Service,
    ServiceDay,
    Slot,
    Staff,
    StaffAssignment,
    Ticket,
)

ALWAYS = date(2020, 1, 1)
A_DAY = 24 * 60  # minutes


def moved(name: str, *modules: str) -> Any:
    """Where it is now, or was in an older revision."""
    for module in modules:
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise SystemExit(f"this revision has no {name} in {', '.join(modules)}")


make_days = moved("make_days", "queue_app.services.calendar.days", "queue_app.services.days")
start_session = moved("start_session", "queue_app.services.access.staff", "queue_app.services.staff")
book = moved("book", "queue_app.services.booking.book", "queue_app.services.booking")
STAFF_COOKIE = moved("STAFF_COOKIE", "queue_app.web.access.rules", "queue_app.web.access")
REQUEST = ("queue_app.services.booking.request", "queue_app.services.booking")
Applicant, BookingRequest = moved("Applicant", *REQUEST), moved("BookingRequest", *REQUEST)


def venue(
    session: Session,
    *,
    slug: str,
    zone: str,
    first_hour: int,
    slots: int,
    capacity: int,
    days_ahead: int,
    rules: dict[str, int],
    closed: bool,
) -> dict[str, Any]:
    """An office of its own with one service, and its slots ``days_ahead`` from today.

    Booking is open unless ``rules`` of the service, which come in force when its days are there, say otherwise.
    ``closed``: the office has closed that day.
    """
    now = datetime.now(UTC)
    offering = _offering(session, slug, zone)
    windows = [
        ScheduleWindow(weekday=day, starts_at=time(hour), ends_at=time(hour + 1), capacity=capacity)
        for day in range(7)
        for hour in range(first_hour, first_hour + slots)
    ]
    schedule = Schedule(office_service_id=offering.id, name="Biasa", valid_from=ALWAYS, created_at=now, windows=windows)
    session.add(schedule)
    session.flush()
    make_days(session, offering, now=now)
    for rule, value in rules.items():
        setattr(offering, rule, value)
    day = office_date(now, zone) + timedelta(days=days_ahead)
    of_day = (Slot.office_id == offering.office_id, Slot.day == day)
    if closed:
        same_day = (ServiceDay.office_id == offering.office_id, ServiceDay.day == day)
        session.execute(update(ServiceDay).where(*same_day).values(status=DayStatus.CLOSED, set_by_hand=True))
        session.execute(update(Slot).where(*of_day).values(accepts=False))
    found = session.scalars(select(Slot.id).where(*of_day).order_by(Slot.starts_at))
    names = {
        "day": day.isoformat(),
        "office": slug,
        "service": offering.service.code,
        "page": f"/{slug}/{offering.service.slug}",
    }
    return {"office_id": offering.office_id, **names, "slots": list(found)}


def _offering(session: Session, slug: str, zone: str) -> OfficeService:
    office = Office(
        slug=slug,
        name=f"Kantor {slug}",
        region_code="33.14",
        region_name="Kabupaten Sragen",
        address="Jl. Raya Sukowati 255",
        time_zone=zone,
    )
    service = Service(
        code=slug.upper().replace("-", "_"),
        slug=slug,
        name_id="Perekaman KTP-el",
        name_en="Biometric recording",
        summary_id="Rekam foto dan sidik jari.",
        summary_en="Photo and fingerprints are taken.",
    )
    session.add_all([office, service])
    session.flush()
    offering = OfficeService(
        office_id=office.id,
        service_id=service.id,
        letter="A",
        who_id="Warga berusia 17 tahun ke atas",
        who_en="Residents of 17 and older",
        requirements_id="Fotokopi KK",
        requirements_en="Copy of the family card",
        opens_days_before=30,
        closes_days_before=0,
        closes_at=time(23, 0),
        changes_close_days_before=0,
        changes_close_at=time(23, 0),
        early_minutes=A_DAY,
        late_minutes=A_DAY,
    )
    session.add(offering)
    session.flush()
    return offering


def stored(session: Session, *, slots: list[int]) -> list[tuple[int, str, str]]:
    """Slot, code and queue number of the tickets that hold a place in these slots."""
    holding = (
        select(Ticket.slot_id, Booking.code, Ticket.letter, Ticket.queue_number)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Ticket.slot_id.in_(slots), Ticket.state.in_(HOLDING_STATES))
    )
    return [
        (slot_id, show_code(code), show_number(letter, number))
        for slot_id, code, letter, number in session.execute(holding)
    ]


def tickets(session: Session, *, slots: list[int], niks: Sequence[str]) -> list[str]:
    """Tokens of tickets that these people have booked yesterday at noon."""
    keyring = _app.extensions["keyring"]
    zone = session.get_one(Office, session.get_one(Slot, slots[0]).office_id).time_zone
    yesterday = office_instant(office_date(datetime.now(UTC), zone) - timedelta(days=1), time(12), zone)
    tokens = []
    for number, nik in enumerate(niks):
        who = (Applicant("Siti Wahyuni", parse_nik(nik)),)
        request = BookingRequest(slots[number % len(slots)], who, None, None, "id", None)
        booked = book(session, request, keyring=keyring, now=yesterday)
        tokens.append(keyring.ticket_token(booked.tickets[0].id))
    return tokens


def desk(session: Session, *, office_id: int, username: str) -> str:
    """The cookie of somebody who has logged in at the desk of the office."""
    now = datetime.now(UTC)
    staff = Staff(username=username, name="Petugas", password_hash="-", created_at=now)
    staff.assignments = [StaffAssignment(office_id=office_id, role=Role.DESK)]
    session.add(staff)
    session.flush()
    return f"{STAFF_COOKIE}={start_session(session, staff.id, now=now)}"


DEEDS: dict[str, Callable[..., Any]] = {deed.__name__: deed for deed in (venue, stored, tickets, desk)}
_app = create_app()


@contextmanager
def _session() -> Iterator[Session]:
    """Whatever was opened is closed again: nothing is held while the server is measured."""
    with _app.app_context():
        try:
            yield db.session()
            db.session.commit()
        finally:
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = sys.stderr  # whatever else is printed
    for line in sys.stdin:
        deed, arguments = json.loads(line)
        with _session() as session:
            answer = DEEDS[deed](session, **arguments)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
