"""Printers, what can be printed of a booking, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import LEFT_STATES
from queue_app.domain.errors import NotFound, NothingToPrint
from queue_app.models import Booking, Device, Printer, PrintJob, Staff, Ticket


def booking_at(session: Session, booking_id: int, office_id: int) -> Booking:
    """Raises NotFound for a booking that has no ticket at the office."""
    booking = session.get(Booking, booking_id)
    if booking is None or all(ticket.office_id != office_id for ticket in booking.tickets):
        raise NotFound()
    return booking


def printable_tickets(session: Session, booking_id: int, office_id: int) -> tuple[Ticket, ...]:
    """The tickets that stand, one for each person; raises NotFound, NothingToPrint."""
    booking = booking_at(session, booking_id, office_id)
    standing = tuple(ticket for ticket in booking.tickets if ticket.state not in LEFT_STATES)
    if not standing:
        raise NothingToPrint()
    if any(ticket.office_id != office_id for ticket in standing):
        raise NotFound()  # moved to another office, which prints it
    return standing


def printer_at(session: Session, printer_id: int, office_id: int) -> Printer:
    """Raises NotFound for a printer of another office."""
    printer = session.get(Printer, printer_id)
    if printer is None or printer.office_id != office_id:
        raise NotFound()
    return printer


def printers_of(session: Session, office_id: int, *, active: bool | None = None) -> Sequence[Printer]:
    statement = select(Printer).where(Printer.office_id == office_id).order_by(Printer.name, Printer.id)
    if active is not None:
        statement = statement.where(Printer.active.is_(active))
    return session.scalars(statement).all()


def print_job_of(session: Session, job_id: int, booking_id: int) -> PrintJob:
    """Raises NotFound for one of another booking."""
    job = session.get(PrintJob, job_id)
    if job is None or job.booking_id != booking_id:
        raise NotFound()
    return job


@dataclass(frozen=True)
class Printed:
    """One time that a booking was printed. ``by``: a name; None for a program. ``printer`` None: the browser."""

    job: PrintJob
    by: str | None
    printer: str | None


def print_history(session: Session, booking_id: int) -> tuple[Printed, ...]:
    """The newest first."""
    rows = session.execute(
        select(PrintJob, Printer.name)
        .outerjoin(Printer, Printer.id == PrintJob.printer_id)
        .where(PrintJob.booking_id == booking_id)
        .order_by(PrintJob.id.desc())
    ).all()
    return tuple(Printed(job, _name(session, job.asked_by), printer) for job, printer in rows)


def _name(session: Session, actor: str) -> str | None:
    kind, _, number = actor.partition(":")
    if kind == "staff" and (staff := session.get(Staff, int(number))):
        return staff.name
    if kind == "device" and (device := session.get(Device, int(number))):
        return device.name
    return None
