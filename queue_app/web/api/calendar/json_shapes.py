"""Offices, services, days and hours in their published shapes, made of what the queries found."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from queue_app.domain.calendar import Availability
from queue_app.models import Office, OfficeService
from queue_app.queries.booking.availability import DayAvailability, SlotAvailability
from queue_app.web.api.document.answering import Answer, local
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

SHUT = frozenset({Availability.CLOSED, Availability.HOLIDAY, Availability.CUT_OFF})


def office(row: Office) -> Answer:
    return {
        "slug": row.slug,
        "name": row.name,
        "region": row.region_name,
        "address": row.address,
        "phone": row.phone,
        "map_url": row.map_url,
        "time_zone": row.time_zone,
    }


def service(row: OfficeService) -> Answer:
    return {
        "code": row.service.code,
        "slug": row.service.slug,
        "category": row.service.category.value,
        "name": in_language(row.service, "name"),
        "summary": in_language(row.service, "summary"),
        "who": in_language(row, "who"),
        "requirements": [line for line in in_language(row, "requirements").splitlines() if line.strip()],
    }


def day(found: DayAvailability, zone: str) -> Answer:
    """Nothing is left on a day on which nothing can be booked any more, so its slots are not listed."""
    shut = found.status in SHUT
    reason = found.reason(current_language())
    if found.status is Availability.CUT_OFF:
        reason = _("Pemesanan sudah ditutup")
    return {
        "date": found.day.isoformat(),
        "status": Availability.CLOSED.value if found.status is Availability.CUT_OFF else found.status.value,
        "reason": reason,
        "opens_at": local(found.opens_at, zone) if found.opens_at else None,
        "quota": found.quota,
        "remaining": 0 if shut else found.remaining,
        "slots": [] if shut else [slot(of_day, zone) for of_day in found.slots],
    }


def slot(found: SlotAvailability, zone: str) -> Answer:
    return {
        "id": found.id,
        "date": found.starts_at.astimezone(ZoneInfo(zone)).date().isoformat(),
        "starts_at": local(found.starts_at, zone),
        "ends_at": local(found.ends_at, zone),
        "capacity": found.capacity,
        "remaining": found.remaining,
    }
