"""Count what a member of the staff gives past the rules of the day; above a number a second one agrees to each."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.overrides import ALONE_A_DAY, AgreementNeeded, Overrider
from queue_app.domain.roles import Actor, Permission
from queue_app.domain.visits import StepKind, VisitState
from queue_app.models import AuditEntry, Office, Staff
from queue_app.models.audit import OF_STAFF
from queue_app.services.access.second_person import may_now

from . import audit

COUNTED = ("slot.extra_place", "day.walk_ins_beyond_cap")
BEGUN = f"visit.{VisitState.IN_SERVICE}"


def require_agreement(
    session: Session, who: Overrider, *, office_id: int, permission: Permission, now: datetime
) -> None:
    """Called before an override is recorded. The row of whoever overrides is locked until the transaction ends: two
    presses at once are counted one after the other.

    Raises AgreementNeeded. Programs and kiosks give nothing past the rules, and are not asked.
    """
    if who.staff_id is None:
        return
    session.execute(select(Staff.id).where(Staff.id == who.staff_id).with_for_update(key_share=True))
    if _given_today(session, who.staff_id, office_id, now) < ALONE_A_DAY:
        return
    if who.second_id is None or who.second_id == who.staff_id:
        raise AgreementNeeded(why="missing" if who.second_id is None else "the_same", alone=ALONE_A_DAY)
    # Who answers for the quota may agree, too: a small office has one person at its desk.
    if not any(may_now(session, who.second_id, office_id, one) for one in (permission, Permission.EDIT_QUOTA)):
        raise AgreementNeeded(why="not_allowed", alone=ALONE_A_DAY)
    first = Actor.staff(who.staff_id)
    audit.record(session, "override.agreed", "staff", who.second_id, actor=first, now=now, office_id=office_id)


def _given_today(session: Session, staff_id: int, office_id: int, now: datetime) -> int:
    zone = session.get_one(Office, office_id).time_zone
    midnight = office_instant(office_date(now, zone), time.min, zone)
    out_of_order = (AuditEntry.action == BEGUN) & (AuditEntry.after["step"].as_string() == StepKind.OUT_OF_ORDER)
    by_right = AuditEntry.after["outside_quota"].as_boolean()  # a visit that is guaranteed is nobody's favour
    given = AuditEntry.action.in_(COUNTED) & by_right.is_not(True)
    return (
        session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(text(OF_STAFF), AuditEntry.actor == Actor.staff(staff_id).label, AuditEntry.at >= midnight)
            .where(AuditEntry.office_id == office_id, or_(given, out_of_order))
        )
        or 0
    )
