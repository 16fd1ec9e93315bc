"""Beyond the quota and the day's cap: the place and the number that are given all the same, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.errors import DayClosed, NotFound, WalkInsUsedUp
from queue_app.domain.overrides import Overrider
from queue_app.domain.roles import Actor, Permission
from queue_app.models import OfficeService, ServiceDay, Slot
from queue_app.services.booking.book import Booked
from queue_app.services.records import audit
from queue_app.services.records.overrides import require_agreement

from .open_slots import windows_open_to

if TYPE_CHECKING:
    from .book_for_others import AssistedRequest


def make_place(
    session: Session,
    offering: OfficeService,
    request: AssistedRequest,
    who: Overrider,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Slot:
    """Widen the window by as many places as are missing; return its slot. Raises DayClosed, NotFound."""
    shares, which = windows_open_to(offering, request.priority, request.starts_at, now=now)
    slots = session.scalars(
        select(Slot)
        .where(*which)
        .order_by(Slot.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if not slots:
        raise NotFound()
    order = [*shares, *(share for share in Share if share not in shares)]
    slot = min(slots, key=lambda slot: (slot.starts_at, order.index(slot.share)))
    if not slot.accepts:
        raise DayClosed()
    before, taken = slot.capacity, slot.capacity if request.outside_quota else slot.booked
    needed = taken + len(request.applicants)
    if needed <= before:  # somebody has cancelled since: a place like any other
        return slot
    require_agreement(session, who, office_id=slot.office_id, permission=Permission.GIVE_NUMBERS, now=now)
    slot.capacity = needed
    slot.planned += len(request.applicants) if request.outside_quota else 0  # else it goes with its holder (R-QUOTA-4)
    audit.record(
        session,
        "slot.extra_place",
        "slot",
        slot.id,
        actor=actor,
        now=now,
        office_id=slot.office_id,
        before={"capacity": before},
        after={"capacity": needed, "planned": slot.planned, "outside_quota": request.outside_quota},
        reason=reason,
    )
    session.flush()
    return slot


def count_walk_in(
    session: Session,
    offering: OfficeService,
    booked: Booked,
    who: Overrider,
    *,
    beyond_cap: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Count numbers given without an appointment, by one conditional statement; raise WalkInsUsedUp at the cap."""
    service_day_id = session.scalars(select(Slot.service_day_id).where(Slot.id == booked.slot_id)).one()
    after = ServiceDay.walk_ins + len(booked.tickets)
    count = update(ServiceDay).where(ServiceDay.id == service_day_id).values(walk_ins=after)
    count = count.returning(ServiceDay.walk_ins).execution_options(synchronize_session=False)
    if session.execute(count.where(after <= offering.walk_ins_per_day)).first() is not None:
        return
    if beyond_cap is None:
        raise WalkInsUsedUp(cap=offering.walk_ins_per_day)
    require_agreement(session, who, office_id=offering.office_id, permission=Permission.GIVE_NUMBERS, now=now)
    given = session.execute(count).scalar_one()
    audit.record(
        session,
        "day.walk_ins_beyond_cap",
        "service_day",
        service_day_id,
        actor=actor,
        now=now,
        office_id=offering.office_id,
        before={"cap": offering.walk_ins_per_day},
        after={"walk_ins": given},
        reason=beyond_cap,
    )
