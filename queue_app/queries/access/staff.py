"""The staff of an office, and who may look after whose account."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.roles import Role
from queue_app.models import Office, Staff, StaffAssignment


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
    """Holidays count for all offices at once, so only somebody who answers for all of them may change the list."""
    here = {office.id for office in administered_offices(session, staff_id)}
    return here == set(session.scalars(select(Office.id)))


def may_look_after(session: Session, administrator_id: int, colleague: Staff) -> bool:
    """Whether every office of a colleague is one that the administrator answers for. Never one's own account."""
    theirs = {assignment.office_id for assignment in colleague.assignments}
    mine = {office.id for office in administered_offices(session, administrator_id)}
    return colleague.id != administrator_id and bool(theirs) and theirs <= mine


def staff_of(session: Session, office_id: int) -> list[Staff]:
    """Everybody with a role at an office."""
    works_here = select(StaffAssignment.staff_id).where(StaffAssignment.office_id == office_id)
    return list(
        session.scalars(
            select(Staff).where(Staff.id.in_(works_here)).options(selectinload(Staff.assignments)).order_by(Staff.name)
        )
    )
