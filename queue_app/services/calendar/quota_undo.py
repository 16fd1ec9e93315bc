"""Take back a change of many days' quotas, as far as nobody has changed them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.errors import NotFound
from queue_app.domain.quota_change import InvalidQuotaChange, places_moved
from queue_app.domain.reasons import read_reason
from queue_app.models import OfficeService, QuotaChange, QuotaChangeSlot, ServiceDay, Slot
from queue_app.services.booking.places import lock_calendars, lock_slots, set_capacity
from queue_app.services.records import audit

from .days import load_schedules
from .quota_limit import Deed, agree_to_size
from .spreading import scheduled_places


@dataclass(frozen=True)
class SlotUndo:
    """``after``: the planned places that the change gave it. ``left``: it has others now, or its hour is over."""

    slot: Slot
    before: int
    after: int
    was_by_hand: bool
    left: bool


def undo_plan(session: Session, change: QuotaChange, *, now: datetime) -> tuple[SlotUndo, ...]:
    """Each slot of a change in order of time, and whether it can be as it was before."""
    rows = session.execute(
        select(Slot, QuotaChangeSlot)
        .join(QuotaChangeSlot, QuotaChangeSlot.slot_id == Slot.id)
        .where(QuotaChangeSlot.change_id == change.id)
        .order_by(Slot.starts_at, Slot.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        SlotUndo(slot, was.before, was.after, was.was_by_hand, slot.planned != was.after or slot.ends_at <= now)
        for slot, was in rows
    )


def undo_change(session: Session, change_id: int, office_id: int, deed: Deed) -> tuple[SlotUndo, ...]:
    """Take back a change once; return what became of each slot.

    Never below what is booked: who has booked a place that the change gave keeps it. Raises ReasonRequired, NotFound,
    AgreementNeeded, InvalidQuotaChange (``undone``; ``changed_since`` where no slot is as the change left it).
    """
    reason = read_reason(deed.reason)
    change = session.get(QuotaChange, change_id)
    if change is None or change.office_id != office_id:
        raise NotFound()
    of_change = select(QuotaChangeSlot.slot_id).where(QuotaChangeSlot.change_id == change_id)
    offerings = select(Slot.office_id, Slot.service_id).where(Slot.id.in_(of_change))
    lock_calendars(session, tuple_(OfficeService.office_id, OfficeService.service_id).in_(offerings))
    lock_slots(session, Slot.id.in_(of_change))
    _undo_once(session, change_id, deed)
    plan = undo_plan(session, change, now=deed.now)
    restored = [one for one in plan if not one.left]
    if not restored:
        raise InvalidQuotaChange(reason="changed_since")
    agree_to_size(session, office_id, places_moved((one.after, one.before) for one in restored), deed)
    by_day: dict[int, list[SlotUndo]] = defaultdict(list)
    for one in restored:
        set_capacity(session, one.slot.id, one.before)
        by_day[one.slot.service_day_id].append(one)
    for service_day_id, slots in by_day.items():
        _settle_day(session, service_day_id, slots, change, reason, deed)
    session.flush()
    return plan


def _undo_once(session: Session, change_id: int, deed: Deed) -> None:
    """Of two who undo at once one is refused."""
    done = session.execute(
        update(QuotaChange)
        .where(QuotaChange.id == change_id, QuotaChange.undone_at.is_(None))
        .values(undone_at=deed.now, undone_by=deed.staff_id)
        .returning(QuotaChange.id)
        .execution_options(synchronize_session=False)
    )
    if done.first() is None:
        raise InvalidQuotaChange(reason="undone")


def _settle_day(
    session: Session, service_day_id: int, slots: Sequence[SlotUndo], change: QuotaChange, reason: str, deed: Deed
) -> None:
    """A day that a schedule led before is led by it again, if its places are the schedule's again."""
    of_day = select(ServiceDay).where(ServiceDay.id == service_day_id).options(selectinload(ServiceDay.slots))
    day = session.scalars(of_day.execution_options(populate_existing=True)).one()
    led = not slots[0].was_by_hand and _as_scheduled(session, day)
    day.set_by_hand = not led
    of_share = [slot for slot in day.slots if slot.share is change.share]
    quota = sum(slot.planned for slot in of_share)
    audit.record(
        session,
        "day.quota",
        "service_day",
        day.id,
        actor=deed.actor,
        now=deed.now,
        office_id=day.office_id,
        before={"quota": quota + sum(one.after - one.before for one in slots)},
        after={
            "quota": quota,
            "planned": {str(one.slot.id): one.before for one in slots},
            "quota_change": change.id,
            "share": change.share,
            "led": led,
        },
        reason=reason,
    )


def _as_scheduled(session: Session, day: ServiceDay) -> bool:
    which = (OfficeService.office_id == day.office_id, OfficeService.service_id == day.service_id)
    offering = session.scalars(select(OfficeService).where(*which)).one()
    slots = day.slots
    scheduled = scheduled_places(load_schedules(session, offering), offering.office.time_zone, slots)
    return [slot.planned for slot in slots] == scheduled
