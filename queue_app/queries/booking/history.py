"""The history of one person in a booking: tickets, scans, steps at counters, messages, and who did what for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.visits import Outcome, StepKind
from queue_app.models import (
    AuditEntry,
    Booking,
    CheckIn,
    Counter,
    Device,
    OutboxMessage,
    Staff,
    Ticket,
    Visit,
    VisitStep,
)

# Told by another table with more words: scans, steps and messages.
_OF_TICKET = ("ticket.booked", "ticket.rescheduled", "ticket.cancelled", "ticket.no_show", "ticket.priority")


@dataclass(frozen=True)
class Event:
    """``kind`` names table and word: "ticket.booked", "scan.late", "visit.call", "message.confirmation".

    ``by`` is the actor as the audit names them; ``ticket`` the one it is about. ``state`` and ``channel`` of a
    message; ``fields`` that were corrected.
    """

    at: datetime
    kind: str
    by: str = ""
    ticket: Ticket | None = None
    reason: str = ""
    counter: int | None = None
    outcome: Outcome | None = None
    state: str = ""
    channel: str | None = None
    fields: tuple[str, ...] = ()


def history_of(session: Session, booking: Booking, position: int) -> tuple[Event, ...]:
    """The newest first."""
    tickets = {ticket.id: ticket for ticket in booking.tickets if ticket.position == position}
    events = [  # of one moment: what follows from the other before it
        *_of_messages(session, booking),
        *_of_visits(session, tickets),
        *_of_scans(session, tickets),
        *_of_audit(session, booking, tickets),
    ]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def actor_names(session: Session, labels: Iterable[str]) -> dict[str, str]:
    """The names of the staff and kiosks among actors, by their label."""
    names: dict[str, str] = {}
    for kind, table in (("staff", Staff), ("device", Device)):
        ids = {int(label.partition(":")[2]) for label in labels if label.startswith(f"{kind}:")}
        rows = session.execute(select(table.id, table.name).where(table.id.in_(ids))) if ids else ()
        names |= {f"{kind}:{row.id}": row.name for row in rows}
    return names


def _of_audit(session: Session, booking: Booking, tickets: dict[int, Ticket]) -> Iterator[Event]:
    own = (AuditEntry.subject == "ticket") & AuditEntry.subject_id.in_(tickets) & AuditEntry.action.in_(_OF_TICKET)
    whole = (AuditEntry.subject == "booking") & (AuditEntry.subject_id == booking.id)
    first = min(tickets)
    for entry in session.scalars(select(AuditEntry).where(own | whole).order_by(AuditEntry.id.desc())):
        ticket = tickets[entry.subject_id] if entry.subject == "ticket" else None
        kind, after = entry.action, entry.after or {}
        if kind == f"ticket.{TicketState.BOOKED}":
            if entry.before:
                missed = entry.before.get("state") == TicketState.NO_SHOW
                kind = "no_show.taken_back" if missed else "scan.taken_back"
            elif ticket and ticket.id != first:
                continue  # moved here, which the ticket before it tells
        if kind == f"ticket.{TicketState.RESCHEDULED}" and ticket and ticket.replaced_by_id is not None:
            ticket = session.get_one(Ticket, ticket.replaced_by_id)
        fields = after.get("corrected") or ()
        yield Event(entry.at, kind, by=entry.actor, ticket=ticket, reason=entry.reason or "", fields=tuple(fields))


def _of_scans(session: Session, tickets: dict[int, Ticket]) -> Iterator[Event]:
    rows = session.scalars(select(CheckIn).where(CheckIn.ticket_id.in_(tickets)).order_by(CheckIn.id.desc()))
    for row in rows:
        if row.identity and row.identity_at:
            yield Event(row.identity_at, f"identity.{row.identity}", by=_staff(row.identity_by))
        by = f"device:{row.device_id}" if row.device_id else _staff(row.staff_id)
        yield Event(row.at, f"scan.{row.result}", by=by)


def _of_visits(session: Session, tickets: dict[int, Ticket]) -> Iterator[Event]:
    """The outcome of a service stands in the visit, or, when they went on, in what the next step saw."""
    numbers = {row.id: row.number for row in session.execute(select(Counter.id, Counter.number))}
    outcomes = {visit.ticket_id: visit.outcome for visit in _visits(session, tickets)}
    steps = select(VisitStep).where(VisitStep.ticket_id.in_(tickets), VisitStep.undone_at.is_(None))
    for step in session.scalars(steps.order_by(VisitStep.id.desc())):
        if step.kind is StepKind.UNDO:
            continue
        outcome = outcomes.get(step.ticket_id) if step.kind is StepKind.FINISH else None
        before = step.before.get("outcome")
        outcomes[step.ticket_id] = Outcome(before) if before else None
        counter = numbers.get(step.counter_id) if step.counter_id else None
        yield Event(step.at, f"visit.{step.kind}", by=step.actor, counter=counter, outcome=outcome)


def _visits(session: Session, tickets: dict[int, Ticket]) -> Sequence[Visit]:
    return session.scalars(select(Visit).where(Visit.ticket_id.in_(tickets))).all()


def _of_messages(session: Session, booking: Booking) -> Iterator[Event]:
    rows = select(OutboxMessage).where(OutboxMessage.booking_id == booking.id).order_by(OutboxMessage.id.desc())
    for row in session.scalars(rows):
        yield Event(row.sent_at or row.due_at, f"message.{row.kind}", state=row.state, channel=row.channel)


def _staff(staff_id: int | None) -> str:
    return f"staff:{staff_id}" if staff_id else ""
