"""Closures that lie over one another, and days that are made beneath one: which of them closes a slot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import STANDING, ClosureKind
from queue_app.models import Closure, ServiceDay, Slot


def standing_closures(session: Session, office_id: int, first: date, last: date) -> list[Closure]:
    """Those that close something of these days; the oldest first, which is the one that closed it."""
    rows = session.scalars(
        select(Closure)
        .where(Closure.office_id == office_id, Closure.state.in_(STANDING))
        .where(Closure.first_day <= last, Closure.last_day >= first)
        .order_by(Closure.confirmed_at, Closure.id)
    )
    return list(rows)


def closing_day(closures: Iterable[Closure], service_id: int, day: date) -> Closure | None:
    """The closure that takes this day of a service as a whole. A holiday's is for the days that were there: for later
    ones the list of holidays speaks.
    """
    whole = (one for one in closures if one.time.whole_days and one.kind is not ClosureKind.HOLIDAY)
    return next((one for one in whole if one.time.names(service_id, day)), None)


def closing_slot(closures: Iterable[Closure], slot: Slot, zone: str) -> Closure | None:
    """The closure that takes this slot, or its whole day."""
    of_slot = slot.service_id, slot.starts_at, slot.ends_at, zone
    return next((one for one in closures if one.time.covers(*of_slot, planned=slot.planned)), None)


def reopen(session: Session, closure: Closure) -> int:
    """Open what a closure took, which does not stand any more; return how many slots are open again.

    What another one covers as well goes over to that one.
    """
    others = standing_closures(session, closure.office_id, closure.first_day, closure.last_day)
    zone, opened = closure.office.time_zone, 0
    days = session.scalars(select(ServiceDay).where(ServiceDay.closure_id == closure.id).order_by(ServiceDay.id)).all()
    for day in days:
        heir = closing_day(others, day.service_id, day.day)
        day.closure_id = heir.id if heir else None
        day.status = DayStatus.CLOSED if heir else DayStatus.OPEN
        day.reason_id, day.reason_en = (heir.reason_id, heir.reason_en) if heir else (None, None)
        day.set_by_hand = True  # schedules that changed meanwhile have passed it by
    session.flush()
    slots = session.scalars(
        select(Slot).where(Slot.closure_id == closure.id).order_by(Slot.id).execution_options(populate_existing=True)
    ).all()
    for slot in slots:
        over = closing_slot(others, slot, zone)
        slot.closure_id = over.id if over else None
        slot.accepts = over is None and slot.service_day.status is DayStatus.OPEN
        opened += slot.accepts
    session.flush()
    return opened
