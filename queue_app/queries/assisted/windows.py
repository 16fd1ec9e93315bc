"""The hours that can be given to somebody who is helped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import BookingRules
from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.priority import Priority, shares_open_to
from queue_app.models import OfficeService, ServiceDay, Slot


@dataclass(frozen=True)
class Window:
    """An arrival window with the places of all shares that are open to the person."""

    day: date
    starts_at: datetime
    ends_at: datetime
    remaining: int


@dataclass(frozen=True)
class WalkInPlaces:
    """What there is for people who come without an appointment today.

    ``starts_at``: the window of the next place. ``numbers_left``: under the day's cap. ``released_at``: the UTC instant
    from which unclaimed places count too. ``open``: whether the service is given today at all.
    """

    open: bool
    remaining: int
    numbers_left: int
    starts_at: datetime | None
    released_at: datetime

    @property
    def available(self) -> int:
        return min(self.remaining, self.numbers_left)


def windows(
    session: Session,
    offering: OfficeService,
    *,
    rules: BookingRules,
    priority: Priority | None,
    now: datetime,
    days: int = 10,
    places: int = 1,
) -> tuple[Window, ...]:
    """The windows still to begin that have room for ``places`` persons of one share, over the next ``days``."""
    shares = shares_open_to(priority, walk_in=False, released=False)
    today = office_date(now, rules.zone)
    slots = session.scalars(
        select(Slot)
        .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.accepts)
        .where(Slot.day.between(today, today + timedelta(days=days)), Slot.starts_at > now, Slot.share.in_(shares))
        .where(Slot.capacity - Slot.booked >= places)
        .order_by(Slot.starts_at)
        .execution_options(populate_existing=True)
    )
    return _merged(slot for slot in slots if now >= rules.opens.instant(slot.day, rules.zone))


def _merged(slots: Iterable[Slot]) -> tuple[Window, ...]:
    merged: dict[datetime, Window] = {}
    for slot in slots:
        so_far = merged[slot.starts_at].remaining if slot.starts_at in merged else 0
        remaining = so_far + slot.capacity - slot.booked
        merged[slot.starts_at] = Window(slot.day, slot.starts_at, slot.ends_at, remaining)
    return tuple(merged.values())


def walk_in_places(
    session: Session, offering: OfficeService, *, priority: Priority | None, now: datetime
) -> WalkInPlaces:
    """The places and numbers for those who come without an appointment today."""
    zone = offering.office.time_zone
    today = office_date(now, zone)
    released_at = office_instant(today, offering.releases_at, zone)
    shares = shares_open_to(priority, walk_in=True, released=now >= released_at)
    of_today = (Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.day == today)
    slots = session.scalars(
        select(Slot)
        .where(*of_today, Slot.accepts, Slot.ends_at > now)
        .order_by(Slot.starts_at)
        .execution_options(populate_existing=True)
    ).all()
    free = [slot for slot in slots if slot.share in shares and slot.booked < slot.capacity]
    given = session.scalars(
        select(ServiceDay.walk_ins).where(
            ServiceDay.office_id == offering.office_id,
            ServiceDay.service_id == offering.service_id,
            ServiceDay.day == today,
        )
    ).one_or_none()
    return WalkInPlaces(
        open=bool(slots),
        remaining=sum(slot.capacity - slot.booked for slot in free),
        numbers_left=max(0, offering.walk_ins_per_day - (given or 0)),
        starts_at=free[0].starts_at if free else None,
        released_at=released_at,
    )
