"""The staff of an office, those invited, and who may look after whose account."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.roles import Role
from queue_app.models import InvitedRole, Office, SecondFactor, Staff, StaffAssignment, StaffInvitation


def administered_offices(session: Session, staff_id: int) -> list[Office]:
    """The offices at which somebody is an administrator."""
    return list(
        session.scalars(
            select(Office)
            .join(StaffAssignment, StaffAssignment.office_id == Office.id)
            .where(StaffAssignment.staff_id == staff_id, StaffAssignment.role == Role.ADMINISTRATOR)
            .order_by(Office.position, Office.name)
        )
    )


def administrators_of_every_office(session: Session) -> list[int]:
    """Their ids; nobody's where there is no office."""
    return list(
        session.scalars(
            select(StaffAssignment.staff_id)
            .where(StaffAssignment.role == Role.ADMINISTRATOR)
            .group_by(StaffAssignment.staff_id)
            .having(func.count() == select(func.count(Office.id)).scalar_subquery())
            .order_by(StaffAssignment.staff_id)
        )
    )


def administers_every_office(session: Session, staff_id: int) -> bool:
    """What counts for all offices at once, as most holidays, only somebody who answers for all of them may change."""
    here = {office.id for office in administered_offices(session, staff_id)}
    return here == set(session.scalars(select(Office.id)))


def may_look_after(session: Session, administrator_id: int, colleague: Staff) -> bool:
    """Whether every office of a colleague is one that the administrator answers for. Never one's own account."""
    theirs = {assignment.office_id for assignment in colleague.assignments}
    return colleague.id != administrator_id and _answers_for(session, administrator_id, theirs)


def may_give_roles(session: Session, administrator_id: int, colleague: Staff) -> bool:
    """Whether one office of a colleague is one that the administrator answers for. Never one's own account."""
    mine = {office.id for office in administered_offices(session, administrator_id)}
    return colleague.id != administrator_id and any(one.office_id in mine for one in colleague.assignments)


def may_manage(session: Session, administrator_id: int, invitation: StaffInvitation) -> bool:
    """The same for somebody who is invited."""
    return _answers_for(session, administrator_id, {one.office_id for one in invitation.roles})


def _answers_for(session: Session, administrator_id: int, office_ids: set[int]) -> bool:
    mine = {office.id for office in administered_offices(session, administrator_id)}
    return bool(office_ids) and office_ids <= mine


def staff_of(session: Session, office_id: int) -> list[Staff]:
    """Everybody with a role at an office."""
    works_here = select(StaffAssignment.staff_id).where(StaffAssignment.office_id == office_id)
    return list(
        session.scalars(
            select(Staff).where(Staff.id.in_(works_here)).options(selectinload(Staff.assignments)).order_by(Staff.name)
        )
    )


def open_invitations(session: Session, office_id: int) -> list[StaffInvitation]:
    """Those for a role at an office that nobody accepted or withdrew, expired ones too; the newest first."""
    wanted_here = select(InvitedRole.invitation_id).where(InvitedRole.office_id == office_id)
    found = (
        select(StaffInvitation)
        .where(
            StaffInvitation.id.in_(wanted_here),
            StaffInvitation.accepted_at.is_(None),
            StaffInvitation.withdrawn_at.is_(None),
        )
        .options(selectinload(StaffInvitation.roles))
        .order_by(StaffInvitation.made_at.desc(), StaffInvitation.id.desc())
    )
    return list(session.scalars(found))


def with_second_factor(session: Session, office_id: int) -> set[int]:
    """The ids of those with a role at an office whose second factor is on."""
    works_here = select(StaffAssignment.staff_id).where(StaffAssignment.office_id == office_id)
    found = select(SecondFactor.staff_id).where(SecondFactor.staff_id.in_(works_here), SecondFactor.secret.is_not(None))
    return set(session.scalars(found))
