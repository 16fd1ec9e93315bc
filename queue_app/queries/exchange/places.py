"""The offices, services and windows that rows name, and who works there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_time
from queue_app.domain.exchange.cells import Cell, key_of, several_of, text_of
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.roles import Role
from queue_app.models import InvitedRole, Office, OfficeService, Slot, StaffAssignment, StaffInvitation

Held = frozenset[tuple[int, Role]]


@dataclass(frozen=True)
class Offices:
    """Those that somebody answers for, by name and by the name in addresses."""

    by_key: Mapping[str, Office]

    def one(self, cell: Cell) -> Office:
        """Raises CellRefused (``office``)."""
        office = self.by_key.get(key_of(text_of(cell)))
        if office is None:
            raise CellRefused(reason="office")
        return office

    def several(self, cell: Cell) -> list[Office]:
        """Raises CellRefused (``office``)."""
        return [self.one(name) for name in several_of(cell)]


def offices_by_name(offices: Sequence[Office]) -> Offices:
    return Offices({key_of(name): office for office in offices for name in (office.name, office.slug)})


def offerings_by_name(session: Session, office_ids: Sequence[int]) -> dict[tuple[int, str], OfficeService]:
    """What offices give, by the code and the names of the service."""
    found = session.scalars(select(OfficeService).where(OfficeService.office_id.in_(office_ids)))
    return {
        (offering.office_id, key_of(name)): offering
        for offering in found
        for name in (offering.service.name_en, offering.service.name_id, offering.service.code)
    }


def hours_of_day(session: Session, offering: OfficeService, day: date) -> dict[time, Slot]:
    """A slot of each arrival window of a day, by the office's local time at which it begins."""
    which = (Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.day == day)
    found = session.scalars(select(Slot).where(*which).order_by(Slot.starts_at))
    return {office_time(slot.starts_at, offering.office.time_zone): slot for slot in found}


def staff_held(session: Session, office_ids: Sequence[int]) -> dict[str, set[Held]]:
    """By name: the roles of those who work at one of the offices, or are invited to."""
    found: dict[str, set[Held]] = {}
    here = select(StaffAssignment.staff_id).where(StaffAssignment.office_id.in_(office_ids))
    for assignment in session.scalars(select(StaffAssignment).where(StaffAssignment.staff_id.in_(here))):
        staff = assignment.staff
        held = frozenset((one.office_id, one.role) for one in staff.assignments)
        found.setdefault(key_of(staff.name), set()).add(held)
    invited = select(InvitedRole.invitation_id).where(InvitedRole.office_id.in_(office_ids))
    open_ones = (StaffInvitation.accepted_at.is_(None), StaffInvitation.withdrawn_at.is_(None))
    for invitation in session.scalars(select(StaffInvitation).where(StaffInvitation.id.in_(invited), *open_ones)):
        held = frozenset((one.office_id, one.role) for one in invitation.roles)
        found.setdefault(key_of(invitation.name), set()).add(held)
    return found
