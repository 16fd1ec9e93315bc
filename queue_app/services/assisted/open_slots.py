"""The slots from which somebody who is helped may have a place, the one kept for them first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.errors import DayClosed
from queue_app.domain.priority import Priority, shares_open_to
from queue_app.models import OfficeService, Slot


def slots_with_room(
    session: Session,
    offering: OfficeService,
    priority: Priority | None,
    starts_at: datetime | None,
    *,
    places: int,
    now: datetime,
    public_too: bool = True,
) -> list[Slot]:
    """Those with ``places`` left, the earliest window first, and within a window the share kept for the person.

    Raises DayClosed when none of the slots accepts anybody.
    """
    shares, which = windows_open_to(offering, priority, starts_at, now=now)
    slots = session.scalars(
        select(Slot).where(*which).order_by(Slot.starts_at).execution_options(populate_existing=True)
    ).all()
    if slots and not any(slot.accepts for slot in slots):
        raise DayClosed()
    if not public_too:
        shares = tuple(share for share in shares if share is not Share.PUBLIC)
    room = [slot for slot in slots if slot.share in shares and slot.booked + places <= slot.capacity]
    return sorted(room, key=lambda slot: (slot.starts_at, shares.index(slot.share)))


def windows_open_to(
    offering: OfficeService, priority: Priority | None, starts_at: datetime | None, *, now: datetime
) -> tuple[tuple[Share, ...], Sequence[ColumnElement[bool]]]:
    """The shares to look in, in order, and which slots of the service may be had: one window, or the rest of today."""
    walk_in = starts_at is None
    shares = shares_open_to(priority, walk_in=walk_in, released=released(offering, now=now))
    which = [
        Slot.office_id == offering.office_id,
        Slot.service_id == offering.service_id,
        Slot.ends_at > now,
        Slot.starts_at == starts_at
        if starts_at is not None
        else Slot.day == office_date(now, offering.office.time_zone),
    ]
    return shares, which


def released(offering: OfficeService, *, now: datetime) -> bool:
    """Whether the hour has come from which unclaimed places of today are for whoever is there."""
    zone = offering.office.time_zone
    return now >= office_instant(office_date(now, zone), offering.releases_at, zone)
