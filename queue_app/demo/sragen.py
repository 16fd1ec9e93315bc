"""The demo's offices: Dispendukcapil Sragen and two of its districts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from queue_app.adapters.holiday_library import known_holidays
from queue_app.domain.catalogue import CATALOGUE, Category
from queue_app.domain.clock import office_date
from queue_app.domain.roles import Actor
from queue_app.domain.setup import DayHours
from queue_app.domain.setup_plan import OfficePlan, ServicePlan, SitePlan
from queue_app.models import Office
from queue_app.queries.calendar.offices import services_of
from queue_app.services.calendar.proposals import decide_holidays, propose_holidays, years_ahead
from queue_app.services.setup.plan import carry_out
from queue_app.services.visits.counters import create_counter

ZONE = "Asia/Jakarta"
ACTOR = Actor.system("demo")
HEAD = SitePlan("Antrean Dukcapil", "Kabupaten Sragen", "#0f4c5c")
# Monday to Thursday with a midday break; Friday is short.
WEEK = (
    *(DayHours(weekday, time(8), time(15), time(12), time(13)) for weekday in range(4)),
    DayHours(4, time(8), time(11)),
)
MAIN_SERVICES = tuple(ServicePlan(entry.code, entry.quota) for entry in CATALOGUE)
DISTRICT_SERVICES = tuple(ServicePlan(code, 20) for code in ("KTP_REKAM", "KTP_AMBIL", "IKD"))


def _plan(
    slug: str,
    name: str,
    region: tuple[str, str],
    address: str,
    place: tuple[float, float],
    services: tuple[ServicePlan, ...],
) -> OfficePlan:
    latitude, longitude = place
    contact = {
        "address": address,
        "map_url": f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}",
        "complaint_url": "https://www.lapor.go.id",  # SP4N-LAPOR!, the government's channel for all public services
    }
    return OfficePlan(name, ZONE, *region, slug=slug, contact=contact, hours=WEEK, services=services)


PLANS = (
    _plan(
        "sragen",
        "Dispendukcapil Sragen",
        ("Kabupaten Sragen", "33.14"),
        "Jl. Raya Sukowati, Sragen",
        (-7.4264, 111.0222),
        MAIN_SERVICES,
    ),
    _plan(
        "gemolong",
        "Kantor Kecamatan Gemolong",
        ("Kecamatan Gemolong", "33.14.13"),
        "Gemolong, Sragen",
        (-7.3989, 110.8294),
        DISTRICT_SERVICES,
    ),
    _plan(
        "gondang",
        "Kantor Kecamatan Gondang",
        ("Kecamatan Gondang", "33.14.06"),
        "Gondang, Sragen",
        (-7.4358, 111.1047),
        DISTRICT_SERVICES,
    ),
)


def load_offices(session: Session, plans: Sequence[OfficePlan] = PLANS, *, now: datetime) -> None:
    """Offices, services, schedules, holidays and days: what an office needs to open, without any citizen."""
    seed_holidays(session, office_date(now, ZONE), now=now)
    for number, plan in enumerate(plans):
        office = carry_out(session, plan, actor=ACTOR, now=now)
        if number == 0:
            _counters(session, office, now=now)


def _counters(session: Session, main: Office, *, now: datetime) -> None:
    """For recording and cards, and for everything else. Nobody sits there yet."""
    given = [offering.service for offering in services_of(session, main.id)]
    cards = [service.id for service in given if service.category is Category.CARD]
    others = [service.id for service in given if service.category is not Category.CARD] or cards
    for number, services in enumerate((cards, cards, others, others), start=1):
        create_counter(session, office_id=main.id, number=number, service_ids=services, actor=ACTOR, now=now)


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
        actor=ACTOR,
        now=now,
        today=today,
    )
