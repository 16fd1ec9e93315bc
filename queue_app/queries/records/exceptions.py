"""The acts of one day of an office, as the report of exceptions reads them from the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_instant
from queue_app.domain.exceptions import DayAct, Deed, Finding, StaffTally, findings, staff_tallies
from queue_app.domain.keyring import Keyring, Unreadable
from queue_app.domain.roles import Role
from queue_app.domain.visits import StepKind, VisitState
from queue_app.models import AuditEntry, Booking, Office, Slot, StaffAssignment, Ticket
from queue_app.models.audit import REVEALING
from queue_app.queries.booking.contacts import contact_of

from .in_no_time import done_in_no_time

DEEDS = {
    f"ticket.{TicketState.BOOKED}": Deed.BOOKED,
    f"ticket.{TicketState.CANCELLED}": Deed.CANCELLED,
    f"ticket.{TicketState.RESCHEDULED}": Deed.LEFT,
    "slot.extra_place": Deed.BEYOND_QUOTA,
    "day.walk_ins_beyond_cap": Deed.BEYOND_QUOTA,
    "ticket.priority": Deed.ORDER_CHANGED,
    f"visit.{VisitState.IN_SERVICE}": Deed.ORDER_CHANGED,  # only where the step says so
    "staff.logged_in": Deed.LOGGED_IN,
    **dict.fromkeys(REVEALING, Deed.REVEALED),
}
AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True)
class DayOfExceptions:
    """What was found, who booked and cancelled how often, and the last ticket of each booking that a finding names."""

    findings: tuple[Finding, ...]
    tallies: tuple[StaffTally, ...]
    tickets: Mapping[int, Ticket]


def exceptions_of(session: Session, office: Office, day: date, *, keyring: Keyring) -> DayOfExceptions:
    """Telephone numbers are opened to be compared, and leave this function in no form."""
    acts = (*_acts(session, office, day, keyring), *done_in_no_time(session, office.id, day))
    works_here = select(StaffAssignment.staff_id, StaffAssignment.role).where(StaffAssignment.office_id == office.id)
    colleagues: dict[str, bool] = {}
    for staff_id, role in session.execute(works_here):
        colleagues[f"staff:{staff_id}"] = colleagues.get(f"staff:{staff_id}", False) or role is Role.VILLAGE
    found = findings(acts, _hours(session, office.id, day), colleagues)
    named = {act.booking_id for one in found for act in one.acts if act.booking_id is not None}
    tickets = {ticket.booking_id: ticket for ticket in _tickets(session, Ticket.booking_id, named)}
    return DayOfExceptions(found, staff_tallies(acts, found), tickets)


def _acts(session: Session, office: Office, day: date, keyring: Keyring) -> Iterator[DayAct]:
    first, after = (office_instant(one, time.min, office.time_zone) for one in (day, day + timedelta(days=1)))
    out_of_order = AuditEntry.after["step"].as_string() == StepKind.OUT_OF_ORDER
    serving = AuditEntry.action == f"visit.{VisitState.IN_SERVICE}"
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.office_id == office.id, AuditEntry.at >= first, AuditEntry.at < after)
        .where(AuditEntry.action.in_(DEEDS), or_(~serving, out_of_order))
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
    ids = {entry.subject_id for entry in entries if entry.subject in ("ticket", "visit")}
    tickets = {ticket.id: ticket for ticket in _tickets(session, Ticket.id, ids)}
    contacts: dict[int, str | None] = {}
    for entry in entries:
        ticket = tickets.get(entry.subject_id) if entry.subject in ("ticket", "visit") else None
        before, told = entry.before or {}, entry.after or {}
        if DEEDS[entry.action] is Deed.BOOKED and before.get("state") is not None:
            continue  # an arrival or an absence that was taken back: nobody booked
        booking_id = entry.subject_id if entry.subject == "booking" else told.get("booking")
        if ticket and ticket.booking_id not in contacts:
            contacts[ticket.booking_id] = _comparable(ticket.booking, keyring)
        yield DayAct(
            entry_id=entry.id,
            at=entry.at,
            actor=entry.actor,
            deed=DEEDS[entry.action],
            ticket_id=ticket.id if ticket else None,
            booking_id=ticket.booking_id if ticket else booking_id if isinstance(booking_id, int) else None,
            slot_id=told.get("slot"),
            is_move=bool(ticket and _is_move(ticket, entry.at)),
            contact=contacts[ticket.booking_id] if ticket else None,
            person=ticket.person_index if ticket else None,
            reason=entry.reason or "",
            purpose=str(told.get("purpose", "")),
        )


def _is_move(ticket: Ticket, at: datetime) -> bool:
    """A ticket that was made later than its booking is one to which somebody moved."""
    return ticket.booking.created_at < at - timedelta(seconds=1)


def _comparable(booking: Booking, keyring: Keyring) -> str | None:
    if booking.suspended_at is not None:
        return None  # its use was suspended by its people
    phone = contact_of(booking, keyring).phone
    return None if isinstance(phone, Unreadable) else phone


def _hours(session: Session, office_id: int, day: date) -> tuple[datetime, datetime] | None:
    slots = select(Slot.starts_at, Slot.ends_at).where(Slot.office_id == office_id, Slot.day == day, Slot.accepts)
    found = session.execute(slots).all()
    return (min(start for start, _end in found), max(end for _start, end in found)) if found else None


def _tickets(session: Session, column: InstrumentedAttribute[int], ids: Iterable[int]) -> Iterator[Ticket]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        yield from session.scalars(
            select(Ticket).options(joinedload(Ticket.booking)).where(column.in_(some)).order_by(Ticket.id)
        )
