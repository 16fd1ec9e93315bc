"""The offices at which somebody may do something."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import PERMISSIONS, Permission
from queue_app.models import Office, StaffAssignment


def offices_permitted(session: Session, staff_id: int, permission: Permission) -> list[Office]:
    """In the order in which offices are listed everywhere."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    held = select(StaffAssignment.office_id).where(
        StaffAssignment.staff_id == staff_id, StaffAssignment.role.in_(roles)
    )
    return list(session.scalars(select(Office).where(Office.id.in_(held)).order_by(Office.position, Office.name)))
