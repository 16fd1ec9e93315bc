"""Other offices that still have places for a service: one read, however many offices a regency has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.models import Office, OfficeService, Slot

A_DAY = timedelta(days=1)  # the date is another one in some zones


@dataclass(frozen=True)
class Elsewhere:
    """``office`` is a slug; ``day``: the first one that can be booked now and has room, with so many places left."""

    office_id: int
    office: str
    name: str
    day: date
    remaining: int


def offices_with_room(session: Session, service_id: int, *, places: int = 1, now: datetime) -> tuple[Elsewhere, ...]:
    """Where so many can come at the same hour, the nearest day first; offices with the same day in their own order."""
    offerings = session.scalars(
        select(OfficeService)
        .join(Office, Office.id == OfficeService.office_id)
        .where(OfficeService.service_id == service_id, OfficeService.active)
        .order_by(Office.position, Office.name)
    ).all()
    days = _days_with_room(session, service_id, [offering.office_id for offering in offerings], places, now)
    found = (_first(offering, days.get(offering.office_id, []), now) for offering in offerings)
    return tuple(sorted((one for one in found if one), key=lambda one: one.day))


def _days_with_room(
    session: Session, service_id: int, offices: list[int], places: int, now: datetime
) -> dict[int, list[tuple[date, int]]]:
    """By office, in order: days and the places left on them. With the offices named, an index knows where to look."""
    remaining = Slot.capacity - Slot.booked
    rows = session.execute(
        select(Slot.office_id, Slot.day, func.sum(remaining))
        .where(Slot.office_id.in_(offices), Slot.service_id == service_id, Slot.day >= (now - A_DAY).date())
        .where(Slot.share == Share.PUBLIC, Slot.accepts, Slot.starts_at > now)
        .group_by(Slot.office_id, Slot.day)
        .having(func.max(remaining) >= places)
        .order_by(Slot.day)
    )
    days: dict[int, list[tuple[date, int]]] = {}
    for office, day, left in rows:
        days.setdefault(office, []).append((day, left))
    return days


def _first(offering: OfficeService, days: list[tuple[date, int]], now: datetime) -> Elsewhere | None:
    rules, office = offering.booking_rules, offering.office
    for day, remaining in days:
        if rules.opens.instant(day, rules.zone) <= now < rules.closes.instant(day, rules.zone):
            return Elsewhere(office.id, office.slug, office.name, day, remaining)
    return None
