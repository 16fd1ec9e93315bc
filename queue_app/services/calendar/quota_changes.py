"""Change the quota of many days at once, and take such a change back."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.quota_change import InvalidQuotaChange, NewQuota
from queue_app.domain.reasons import read_reason
from queue_app.models import OfficeService, QuotaChange, QuotaChangeSlot, ServiceDay, Slot
from queue_app.services.booking.places import lock_calendars, lock_slots, set_capacity
from queue_app.services.records import audit

from .quota_limit import Deed, agree_to_size
from .quota_plan import DayQuota, QuotaPlan, plan_quota


def change_quotas(session: Session, office_id: int, new: NewQuota, deed: Deed) -> QuotaChange:
    """Set the quota of all days that are meant, never below what is booked, in one transaction.

    Raises ReasonRequired, InvalidQuotaChange (``nothing`` where no day would change), AgreementNeeded above the
    office's number of places.
    """
    reason = read_reason(deed.reason)
    of_office = (OfficeService.office_id == office_id, OfficeService.service_id.in_(new.services))
    lock_calendars(session, *of_office)
    meant = (Slot.office_id == office_id, Slot.service_id.in_(new.services))
    lock_slots(session, *meant, Slot.day.between(new.first_day, new.last_day))
    plan = plan_quota(session, office_id, new, now=deed.now)
    if not plan.changed:
        raise InvalidQuotaChange(reason="nothing")
    agree_to_size(session, office_id, plan.moved, deed)
    change = _stored(session, office_id, new, plan, reason, deed)
    for day in plan.changed:
        for slot_id, planned in day.planned.items():
            set_capacity(session, slot_id, planned)
    session.execute(
        update(ServiceDay)
        .where(ServiceDay.id.in_([day.service_day_id for day in plan.changed]))
        .values(set_by_hand=True)
    )
    for day in plan.changed:
        _record(session, office_id, day, change, reason, deed)
    session.flush()
    return change


def _stored(session: Session, office_id: int, new: NewQuota, plan: QuotaPlan, reason: str, deed: Deed) -> QuotaChange:
    change = QuotaChange(
        office_id=office_id,
        made_at=deed.now,
        made_by=deed.staff_id,
        reason=reason,
        first_day=min(day.day for day in plan.changed),
        last_day=max(day.day for day in plan.changed),
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        share=new.share,
        unit=new.unit,
        amount=new.amount,
        services=len({day.service_id for day in plan.changed}),
        days=len(plan.changed),
        moved=plan.moved,
    )
    session.add(change)
    session.flush()
    session.add_all(
        QuotaChangeSlot(
            change_id=change.id,
            slot_id=slot_id,
            before=day.planned_before[slot_id],
            after=planned,
            was_by_hand=day.was_by_hand,
        )
        for day in plan.changed
        for slot_id, planned in day.planned.items()
        if planned != day.planned_before[slot_id]
    )
    return change


def _record(session: Session, office_id: int, day: DayQuota, change: QuotaChange, reason: str, deed: Deed) -> None:
    audit.record(
        session,
        "day.quota",
        "service_day",
        day.service_day_id,
        actor=deed.actor,
        now=deed.now,
        office_id=office_id,
        before={"quota": day.of_day_before},
        after={
            "quota": day.of_day_after,
            "slots": {str(one.slot_id): one.after for one in day.slots},
            "planned": {str(slot_id): planned for slot_id, planned in day.planned.items()},
            "quota_change": change.id,
            "share": change.share,
        },
        reason=reason,
    )
