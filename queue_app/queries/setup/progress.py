"""How far an office has come with its set-up, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnExpressionArgument, func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.models import (
    Counter,
    CounterService,
    Device,
    Office,
    OfficeService,
    Printer,
    Service,
    Slot,
    StaffAssignment,
    Ticket,
)
from queue_app.queries.calendar.holidays import undecided_years


@dataclass(frozen=True)
class Progress:
    """``without_places``: services that nobody can book on any coming day; ``without_counter``: that nobody calls for.
    ``undecided``: years whose holidays nobody has decided. ``lacks``: of address, hours and contact.
    """

    lacks: tuple[str, ...]
    services: int
    without_places: tuple[Service, ...]
    without_counter: tuple[Service, ...]
    undecided: tuple[int, ...]
    staff: dict[Role, int]
    counters: int
    printers: int
    kiosks: int

    @property
    def done(self) -> frozenset[str]:
        """The steps of the set-up that lack nothing."""
        whole = {
            "office": not self.lacks,
            "services": self.services > 0,
            "hours": self.services > 0 and not self.without_places,
            "holidays": not self.undecided,
            "staff": bool(self.staff.get(Role.DESK)),  # who may sit at a counter as well
            "counters": self.counters > 0 and not self.without_counter,
        }
        return frozenset(step for step, is_whole in whole.items() if is_whole)


def can_be_booked(session: Session, office_id: int, *, today: date) -> bool:
    """Whether the office gives services, and each of them has places on a coming day: nothing else of its progress."""
    given = OfficeService.office_id == office_id, OfficeService.active
    places = select(Slot.id).where(
        Slot.office_id == office_id,
        Slot.service_id == OfficeService.service_id,
        Slot.day >= today,
        Slot.planned > 0,
    )
    any_given = select(OfficeService.id).where(*given).exists()
    without = select(OfficeService.id).where(*given, ~places.exists()).exists()
    return bool(session.scalar(select(any_given & ~without)))


def progress_of(session: Session, office_id: int, *, today: date) -> Progress:
    office = session.get_one(Office, office_id)
    given = (
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == office_id, OfficeService.active)
        .order_by(OfficeService.position, OfficeService.id)
    )
    places = select(Slot.id).where(
        Slot.office_id == office_id, Slot.service_id == Service.id, Slot.day >= today, Slot.planned > 0
    )
    called = (
        select(Counter.id)
        .join(CounterService, CounterService.counter_id == Counter.id)
        .where(Counter.office_id == office_id, Counter.active, CounterService.service_id == Service.id)
    )
    return Progress(
        lacks=_lacks(office),
        services=len(session.scalars(given).all()),
        without_places=tuple(session.scalars(given.where(~places.exists()))),
        without_counter=tuple(session.scalars(given.where(~called.exists()))),
        undecided=tuple(one.year for one in undecided_years(session, today)),
        staff=_staff(session, office_id),
        counters=_count(session, Counter.office_id == office_id, Counter.active),
        printers=_count(session, Printer.office_id == office_id, Printer.active),
        kiosks=_count(session, Device.office_id == office_id, Device.locked_at.is_(None)),
    )


def _lacks(office: Office) -> tuple[str, ...]:
    told = {
        "address": office.address,
        "hours": office.opening_hours_id,
        "contact": office.phone or office.whatsapp or office.email,
    }
    return tuple(name for name, value in told.items() if not value)


def _staff(session: Session, office_id: int) -> dict[Role, int]:
    rows = session.execute(
        select(StaffAssignment.role, func.count().label("number"))
        .where(StaffAssignment.office_id == office_id)
        .group_by(StaffAssignment.role)
    )
    return {row.role: row.number for row in rows}


def _count(session: Session, *which: ColumnExpressionArgument[bool]) -> int:
    return session.scalars(select(func.count()).where(*which)).one()


def people_expected(session: Session, offering: OfficeService, *, today: date) -> int:
    """How many hold a ticket for the service today or later."""
    return session.scalars(
        select(func.count(Ticket.id)).where(
            Ticket.office_id == offering.office_id,
            Ticket.service_id == offering.service_id,
            Ticket.day >= today,
            Ticket.state == TicketState.BOOKED,
        )
    ).one()


def letters_of(session: Session, office_id: int) -> Sequence[str]:
    """Also of services given up: their numbers may still be called."""
    return session.scalars(select(OfficeService.letter).where(OfficeService.office_id == office_id)).all()
