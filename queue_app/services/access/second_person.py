"""Second persons, and first ones: what they may do as the roles are in this transaction, not as a page was made."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import Permission, Role, allowed
from queue_app.models import Staff, StaffAssignment


def may_now(session: Session, staff_id: int, office_id: int, permission: Permission) -> bool:
    roles: frozenset[Role] = frozenset(
        session.scalars(
            select(StaffAssignment.role)
            .join(Staff, Staff.id == StaffAssignment.staff_id)
            .where(StaffAssignment.staff_id == staff_id, StaffAssignment.office_id == office_id, Staff.active)
        )
    )
    return allowed(roles, permission)
