"""For trying the system out: one service that is open on every day and at every hour, and made-up telephones.

An office that loads its services for a real opening gets none of it (`queue-app demo --without-citizens`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus, Share, Window
from queue_app.domain.quota import spread_quota
from queue_app.domain.setup_plan import OfficePlan
from queue_app.models import Office, OfficeService, Service, ServiceDay
from queue_app.services.calendar.closing import open_day

from .sragen import ACTOR, PLANS, load_offices

SERVICE, QUOTA = "KTP_AMBIL", 96
HOURS = [*((start, start + 2) for start in range(0, 22, 2)), (22, 23)]  # a window ends on its own day
# Nobody has this number: there is no exchange 000. WhatsApp can be had with a landline.
PHONE, WHATSAPP, EMAIL = "(0271) 000 100", "+62271000100", "sragen@dukcapil.example"


def load_offices_to_try(session: Session, *, now: datetime) -> None:
    """Whoever tries the system on a Sunday evening or a holiday can book for today, check in, and be called."""
    main, *others = PLANS
    load_offices(session, [_open_every_day(main), *others], now=now)
    for office in session.scalars(select(Office)):
        office.phone, office.whatsapp, office.email = PHONE, WHATSAPP, EMAIL
    offering = daily_offering(session)
    if offering is not None:
        _give_every_day(session, offering)
        _open_holidays(session, offering, now=now)


def _open_every_day(plan: OfficePlan) -> OfficePlan:
    services = (replace(one, windows=_windows()) if one.code == SERVICE else one for one in plan.services)
    return replace(plan, services=tuple(services))


def _give_every_day(session: Session, offering: OfficeService) -> None:
    offering.closes_days_before, offering.closes_at = 0, time(23, 59)  # the window's beginning is what counts
    offering.changes_close_days_before, offering.changes_close_at = 0, time(23, 59)
    offering.early_minutes = 240  # so that a ticket for the next window can be scanned at once
    offering.walk_ins_per_day = 50
    session.flush()


def daily_offering(session: Session) -> OfficeService | None:
    """The service at the main office; None when the demo was loaded without it."""
    return session.scalars(
        select(OfficeService)
        .join(Service, Service.id == OfficeService.service_id)
        .join(Office, Office.id == OfficeService.office_id)
        .where(Service.code == SERVICE)
        .order_by(Office.position)
    ).first()


def _windows() -> tuple[Window, ...]:
    capacities = spread_quota(QUOTA, [(1, 0)] * len(HOURS))
    return tuple(
        Window(weekday, time(start), time(end), Share.PUBLIC, capacity)
        for weekday in range(7)
        for (start, end), capacity in zip(HOURS, capacities, strict=True)
    )


def _open_holidays(session: Session, offering: OfficeService, *, now: datetime) -> None:
    days = session.scalars(
        select(ServiceDay.id).where(
            ServiceDay.office_id == offering.office_id,
            ServiceDay.service_id == offering.service_id,
            ServiceDay.status == DayStatus.HOLIDAY,
        )
    ).all()
    for day in days:
        open_day(session, day, reason="Contoh: layanan ini buka setiap hari", actor=ACTOR, now=now)
