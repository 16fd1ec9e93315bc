"""Changes that an administrator makes to a colleague's account. No office is left without an administrator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, select, update
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import LastAdministrator
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor, Role
from queue_app.models import Office, Staff, StaffAssignment, StaffSession
from queue_app.services.records import audit

from . import invitations, password_resets
from .own_account import first_office

Held = set[tuple[int, Role]]  # ids of offices, each with a role there


def edit_staff(
    session: Session,
    staff_id: int,
    *,
    name: str | None,
    held: Held,
    office_ids: Collection[int],
    actor: Actor,
    now: datetime,
) -> None:
    """Another name (None: the same), and the roles of ``held`` at the offices of ``office_ids``: those that the
    administrator answers for. What somebody does elsewhere stays. Who works at an office no more is logged out there; a
    role that was taken is gone with the next page. Raises LastAdministrator, NotFound."""
    staff = _locked(session, staff_id, keeping=held, office_ids=office_ids)
    before, name_before = _held(staff), staff.name
    wanted = held | {(office_id, role) for office_id, role in before if office_id not in office_ids}
    if not wanted:
        raise NotFound()
    name = name or name_before
    if before == wanted and name == name_before:
        return
    kept = [one for one in staff.assignments if (one.office_id, one.role) in wanted]
    added = [StaffAssignment(office_id=office_id, role=role) for office_id, role in sorted(wanted - before)]
    staff.name, staff.assignments = name, kept + added
    left = (StaffSession.staff_id == staff_id, StaffSession.office_id.not_in(_offices(wanted)))
    _end(session, *left, now=now)
    if any(role is Role.ADMINISTRATOR for _office_id, role in before - wanted):
        _withdraw_links(session, staff_id, actor=actor, now=now)
    audit.record(
        session,
        "staff.edited",
        "staff",
        staff_id,
        actor=actor,
        now=now,
        office_id=min(office_id for office_id, _role in (before ^ wanted) or wanted),
        before={"held": sorted(before - wanted)},
        after={"held": sorted(wanted - before), "renamed": name != name_before},
    )


def deactivate_staff(session: Session, staff_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Lock an account and end its sessions at once. Raises ReasonRequired, NotFound, LastAdministrator."""
    reason = read_reason(reason)
    staff = _locked(session, staff_id, keeping=set())
    staff.active = False
    _end(session, StaffSession.staff_id == staff_id, now=now)
    _withdraw_links(session, staff_id, actor=actor, now=now)
    _record(session, "staff.deactivated", staff, reason, actor=actor, now=now)


def reactivate_staff(session: Session, staff_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """With the password, the roles and the second factor of before. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    staff = session.get(Staff, staff_id, with_for_update={"key_share": True})
    if staff is None:
        raise NotFound()
    staff.active = True
    _record(session, "staff.reactivated", staff, reason, actor=actor, now=now)


def _locked(session: Session, staff_id: int, *, keeping: Held, office_ids: Collection[int] | None = None) -> Staff:
    """The account, after all who change the administrators of its offices. Raises LastAdministrator when one of them
    would have none that is active, if the account had only the roles of ``keeping`` there; ``office_ids``: at others it
    keeps what it has."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound()
    # Two who take the role from each other wait for the same rows, and the second one looks at what the first one left.
    offices = select(Office.id).where(Office.id.in_(_offices(_held(staff)))).order_by(Office.id)
    session.execute(offices.with_for_update(key_share=True))
    session.refresh(staff, with_for_update={"key_share": True})
    session.refresh(staff, ["assignments"])
    if not staff.active:
        return staff
    lost = {office_id for office_id, role in _held(staff) - keeping if role is Role.ADMINISTRATOR}
    lost = lost if office_ids is None else lost & set(office_ids)
    others = (
        select(StaffAssignment.office_id)
        .join(Staff, Staff.id == StaffAssignment.staff_id)
        .where(StaffAssignment.role == Role.ADMINISTRATOR, Staff.active, Staff.id != staff_id)
    )
    alone = (
        select(Office.name).where(Office.id.in_(lost), Office.id.not_in(others)).order_by(Office.position, Office.id)
    )
    if without := session.scalars(alone.limit(1)).first():
        raise LastAdministrator(office=without)
    return staff


def _withdraw_links(session: Session, staff_id: int, *, actor: Actor, now: datetime) -> None:
    invitations.withdraw_all_of(session, staff_id, actor=actor, now=now)
    password_resets.withdraw_all_of(session, staff_id, now=now)


def _end(session: Session, *which: ColumnExpressionArgument[bool], now: datetime) -> None:
    ended = update(StaffSession).where(*which, StaffSession.ended_at.is_(None)).values(ended_at=now)
    session.execute(ended.execution_options(synchronize_session="fetch"))


def _record(session: Session, action: str, staff: Staff, reason: str, *, actor: Actor, now: datetime) -> None:
    office_id = first_office(staff)
    audit.record(session, action, "staff", staff.id, actor=actor, now=now, office_id=office_id, reason=reason)


def _held(staff: Staff) -> Held:
    return {(one.office_id, one.role) for one in staff.assignments}


def _offices(held: Held) -> list[int]:
    return sorted({office_id for office_id, _role in held})
