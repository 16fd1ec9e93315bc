"""Find whose visit is to be judged at a kiosk: by the scanned ticket, or the booking code as typed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.scanners import scanned_code
from queue_app.models import Booking, Ticket
from queue_app.services.arrivals.lost import genuine_ticket_id

from .answers import check_may_answer


def ticket_to_judge(session: Session, typed: str, *, office_id: int, keyring: Keyring, now: datetime) -> Ticket:
    """Of a family's code the first person who has not answered yet.

    Raises NotFound for what is no ticket of this office; NotServed, SurveyOver, SurveyAnswered.
    """
    refusal: DomainError = NotFound()
    for ticket in _tickets(session, typed, office_id, keyring):
        try:
            check_may_answer(session, ticket, now=now)
        except DomainError as problem:
            refusal = problem
        else:
            return ticket
    raise refusal


def _tickets(session: Session, typed: str, office_id: int, keyring: Keyring) -> list[Ticket]:
    here = select(Ticket).where(Ticket.office_id == office_id).order_by(Ticket.position, Ticket.id)
    if (ticket_id := genuine_ticket_id(typed, keyring=keyring)) is not None:
        return list(session.scalars(here.where(Ticket.id == ticket_id)))
    if (code := scanned_code(typed)) is None:
        return []
    return list(session.scalars(here.join(Booking, Booking.id == Ticket.booking_id).where(Booking.code == code)))
