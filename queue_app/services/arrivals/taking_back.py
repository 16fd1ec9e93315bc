"""Take an admission back: an undo at the desk, or another person than the one whose ticket it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, UNDO_ADMISSION_WITHIN, IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import IllegalTransition, NotFound, UndoExpired
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState
from queue_app.models import CheckIn, Ticket
from queue_app.services.booking.tickets import record_transition, step_ticket
from queue_app.services.records import audit
from queue_app.services.visits.steps import end_visit

OTHER_PERSON = "other person"  # as the audit says it


def undo_check_in(session: Session, check_in_id: int, *, office_id: int, staff_id: int, now: datetime) -> CheckIn:
    """Take an admission back within two minutes, at the same office. Undoing twice changes nothing.

    Raises NotFound, UndoExpired; IllegalTransition when the person has booked the same service again since.
    """
    # Two undos at once: the second one sees the first.
    row = session.get(CheckIn, check_in_id, with_for_update={"key_share": True})
    if row is None or row.office_id != office_id or row.result not in ADMITTING or row.ticket_id is None:
        raise NotFound()
    if row.undone_at is not None:
        return row
    if now - row.at > UNDO_ADMISSION_WITHIN:
        raise UndoExpired()
    return _take_back(session, row, staff_id=staff_id, now=now, reason="undo")


def record_identity(
    session: Session, check_in_id: int, result: IdentityResult, *, office_id: int, staff_id: int, now: datetime
) -> CheckIn:
    """Record what the comparison with the document showed; another person is not admitted, and the ticket stays
    with its owner. Recording the same again changes nothing.

    Raises NotFound unless somebody was admitted by this scan; IllegalVisitStep when they are being served already;
    IllegalTransition as `undo_check_in` does.
    """
    row = session.get(CheckIn, check_in_id, with_for_update={"key_share": True})
    if row is None or row.office_id != office_id or row.result not in ADMITTING or row.ticket_id is None:
        raise NotFound()
    if row.identity is result:
        return row
    if row.undone_at is not None:
        raise NotFound()
    before = row.identity
    row.identity, row.identity_at, row.identity_by = result, now, staff_id
    audit.record(
        session,
        "ticket.identity",
        "check_in",
        row.id,
        actor=Actor.staff(staff_id),
        now=now,
        office_id=office_id,
        before={"identity": before} if before else None,
        after={"identity": result},
    )
    if result is IdentityResult.OTHER_PERSON:
        return _take_back(session, row, staff_id=staff_id, now=now, reason=OTHER_PERSON)
    session.flush()
    return row


def _take_back(session: Session, row: CheckIn, *, staff_id: int, now: datetime, reason: str) -> CheckIn:
    ticket = session.get_one(Ticket, row.ticket_id)
    end_visit(session, ticket, now=now, also=VisitState.CALLED if reason == OTHER_PERSON else None)
    try:
        undone = step_ticket(session, ticket, TicketState.CHECKED_IN, TicketState.BOOKED, now=now)
    except IntegrityError:  # one active ticket per person: the new booking is it
        raise IllegalTransition(state=TicketState.CHECKED_IN, target=TicketState.BOOKED) from None
    if undone:
        record_transition(session, ticket, TicketState.CHECKED_IN, actor=Actor.staff(staff_id), now=now, reason=reason)
    row.undone_at = now
    session.flush()
    return row
