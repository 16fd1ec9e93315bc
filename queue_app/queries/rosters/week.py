"""The roster as its office and its people see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from queue_app.domain.rosters import SERVING_ROLES
from queue_app.models import Counter, Office, RosterShift, Staff, StaffAssignment


@dataclass(frozen=True)
class PlannedShift:
    """``gone``: the account is not active any more, or serves at this office no longer: nobody will sit there."""

    id: int
    counter_id: int
    counter: int
    staff_id: int
    name: str
    day: date
    starts_at: time
    ends_at: time
    absent: bool
    gone: bool

    @property
    def counts(self) -> bool:
        return not self.absent and not self.gone


def serves_at(office_id: int) -> ColumnElement[bool]:
    """Of a row of staff: whether the account is active and may serve at this office."""
    role = select(StaffAssignment.staff_id).where(
        StaffAssignment.staff_id == Staff.id,
        StaffAssignment.office_id == office_id,
        StaffAssignment.role.in_(SERVING_ROLES),
    )
    return Staff.active & role.exists()


def shifts_between(session: Session, office_id: int, first: date, last: date) -> list[PlannedShift]:
    """In order of time, with those that nobody will come to."""
    rows: Sequence[Any] = session.execute(
        select(
            *(RosterShift.id, RosterShift.counter_id, Counter.number, RosterShift.staff_id, Staff.name),
            *(RosterShift.day, RosterShift.starts_at, RosterShift.ends_at, RosterShift.absent, ~serves_at(office_id)),
        )
        .join(Counter, Counter.id == RosterShift.counter_id)
        .join(Staff, Staff.id == RosterShift.staff_id)
        .where(RosterShift.office_id == office_id, RosterShift.day.between(first, last))
        .order_by(RosterShift.day, RosterShift.starts_at, Counter.number, RosterShift.id)
    ).all()
    return [PlannedShift(*row) for row in rows]


def people_to_plan(session: Session, office_id: int) -> Sequence[Staff]:
    return session.scalars(select(Staff).where(serves_at(office_id)).order_by(Staff.name, Staff.id)).all()


def own_shifts(session: Session, staff_id: int, first: date, last: date) -> Sequence[tuple[RosterShift, str]]:
    """Of one person at all offices, each with the name of the office."""
    rows = session.execute(
        select(RosterShift, Office.name)
        .join(Office, Office.id == RosterShift.office_id)
        .where(RosterShift.staff_id == staff_id, RosterShift.day.between(first, last))
        .order_by(RosterShift.day, RosterShift.starts_at, RosterShift.id)
    )
    return [(shift, office) for shift, office in rows]
