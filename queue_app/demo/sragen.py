"""The demo's offices: Dispendukcapil Sragen and two of its districts."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.holiday_library import known_holidays
from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date
from queue_app.domain.quota import spread_quota
from queue_app.domain.roles import Actor
from queue_app.models import Category, Counter, Office, OfficeService, Schedule, ScheduleWindow, Service
from queue_app.services.calendar.days import make_all_days
from queue_app.services.calendar.proposals import decide_holidays, propose_holidays, years_ahead

from .catalogue import CATALOGUE, DISTRICT_QUOTA, DISTRICT_SERVICES, CatalogueService

ZONE = "Asia/Jakarta"
# Monday to Thursday with a midday break; Friday is short.
LONG_DAY = ((8, 9), (9, 10), (10, 11), (11, 12), (13, 14), (14, 15))
FRIDAY = ((8, 9), (9, 10), (10, 11))
OPENING_HOURS = (
    "Senin–Kamis 08.00–15.00\n(istirahat 12.00–13.00)\nJumat 08.00–11.00",
    "Monday to Thursday 08:00–15:00\n(break 12:00–13:00)\nFriday 08:00–11:00",
)
OFFICES = (
    (
        "sragen",
        "Dispendukcapil Sragen",
        "33.14",
        "Kabupaten Sragen",
        "Jl. Raya Sukowati, Sragen",
        (-7.4264, 111.0222),
    ),
    (
        "gemolong",
        "Kantor Kecamatan Gemolong",
        "33.14.13",
        "Kecamatan Gemolong",
        "Gemolong, Sragen",
        (-7.3989, 110.8294),
    ),
    (
        "gondang",
        "Kantor Kecamatan Gondang",
        "33.14.06",
        "Kecamatan Gondang",
        "Gondang, Sragen",
        (-7.4358, 111.1047),
    ),
)


def is_empty(session: Session) -> bool:
    return session.scalars(select(Office.id).limit(1)).first() is None


def load_offices(session: Session, *, now: datetime) -> None:
    """Offices, services, schedules, holidays and days: what an office needs to open, without any citizen."""
    make_offices(session, now=now)
    make_all_days(session, now=now)


def make_offices(session: Session, *, now: datetime) -> None:
    """All of it but the days."""
    today = office_date(now, ZONE)
    seed_holidays(session, today, now=now)
    services = {entry.code: _service(session, entry, position) for position, entry in enumerate(CATALOGUE)}
    for position, (slug, name, region_code, region_name, address, (latitude, longitude)) in enumerate(OFFICES):
        office = Office(
            slug=slug,
            name=name,
            region_code=region_code,
            region_name=region_name,
            address=address,
            map_url=f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}",
            time_zone=ZONE,
            position=position,
            opening_hours_id=OPENING_HOURS[0],
            opening_hours_en=OPENING_HOURS[1],
            complaint_url="https://www.lapor.go.id",  # SP4N-LAPOR!, the government's channel for all public services
        )
        session.add(office)
        session.flush()
        for entry in CATALOGUE:
            if position == 0 or entry.code in DISTRICT_SERVICES:
                quota = entry.quota if position == 0 else DISTRICT_QUOTA
                _offer(session, office, services[entry.code], entry, quota, today, now=now)
    session.flush()
    _counters(session)


def _counters(session: Session) -> None:
    """Of the main office: for recording and cards, and for everything else. Nobody sits there yet."""
    main = session.scalars(select(Office).order_by(Office.position)).first()
    if main is None:
        return
    given = session.scalars(
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == main.id)
        .order_by(Service.position)
    ).all()
    cards = [service for service in given if service.category is Category.CARD]
    others = [service for service in given if service.category is not Category.CARD]
    for number, services in enumerate((cards, cards, others or cards, others or cards), start=1):
        session.add(Counter(office_id=main.id, number=number, active=True, services=list(services)))
    session.flush()


def seed_holidays(session: Session, today: date, *, now: datetime) -> None:
    """This year's are decided; those of the next are proposed, for the administrator to look at."""
    known = known_holidays(years_ahead(now))
    propose_holidays(session, known, now=now)
    dates = [one.date for one in known if one.date.year == today.year]
    decide_holidays(
        session,
        today.year,
        dates,
        complete=True,
        reason="Keputusan bersama tiga menteri",
        actor=Actor.system("demo"),
        now=now,
        today=today,
    )


def _service(session: Session, entry: CatalogueService, position: int) -> Service:
    service = Service(
        code=entry.code,
        slug=entry.code.lower().replace("_", "-"),
        category=entry.category,
        name_id=entry.name[0],
        name_en=entry.name[1],
        summary_id=entry.summary[0],
        summary_en=entry.summary[1],
        asks_recorded_before=entry.asks_recorded_before,
        position=position,
    )
    session.add(service)
    session.flush()
    return service


def _offer(
    session: Session,
    office: Office,
    service: Service,
    entry: CatalogueService,
    quota: int,
    today: date,
    *,
    now: datetime,
) -> None:
    offering = OfficeService(
        office_id=office.id,
        service_id=service.id,
        letter=entry.letter,
        who_id=entry.who[0],
        who_en=entry.who[1],
        requirements_id="\n".join(need[0] for need in entry.needs),
        requirements_en="\n".join(need[1] for need in entry.needs),
    )
    session.add(offering)
    session.flush()
    schedule = Schedule(
        office_service_id=offering.id, name="Jadwal biasa", valid_from=today, valid_until=None, created_at=now
    )
    for weekday in range(5):
        hours = FRIDAY if weekday == 4 else LONG_DAY
        capacities = spread_quota(quota, [(1, 0)] * len(hours))
        schedule.windows += [
            ScheduleWindow(
                weekday=weekday,
                starts_at=time(start),
                ends_at=time(end),
                share=Share.PUBLIC,
                capacity=capacity,
            )
            for (start, end), capacity in zip(hours, capacities, strict=True)
            if capacity
        ]
    session.add(schedule)
