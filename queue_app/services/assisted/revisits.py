"""The second visit of somebody for whom it failed: guaranteed, outside the public quota."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import IllegalVisitStep
from queue_app.domain.identity import Nik
from queue_app.domain.keyring import Keyring, bound_to, person_of
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Actor
from queue_app.domain.visits import MAY_COME_AGAIN
from queue_app.models import Ticket
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.booking.book import Applicant, Booked
from queue_app.services.visits.steps import load_visit

from .book_for_others import AssistedRequest, book_assisted

REASON = "Rekam ulang dijamin karena kegagalan alat, data, atau jaringan"


def book_revisit(
    session: Session,
    ticket_id: int,
    starts_at: datetime,
    *,
    office_id: int,
    staff_id: int,
    keyring: Keyring,
    request_key: str,
    now: datetime,
) -> Booked:
    """Book the same person again for the window that begins at ``starts_at``: a place kept for those who are helped,
    else one of its own, and never one of the public.

    Raises what `book_assisted` raises; IllegalVisitStep unless the visit has ended without their fault.
    """
    visit = load_visit(session, ticket_id, office_id=office_id)
    if visit.outcome not in MAY_COME_AGAIN:
        raise IllegalVisitStep(state=visit.state, target=None)
    ticket = session.get_one(Ticket, ticket_id)
    booking = ticket.booking
    offering_id = offering_at(session, office_id, visit.service_id).id
    person = person_of(ticket, booking.code, keyring)
    phone = keyring.open(booking.phone, bound_to=bound_to(booking.code, "phone")) if booking.phone else None
    request = AssistedRequest(
        offering_id=offering_id,
        starts_at=starts_at,
        applicants=(Applicant(person.name, person.nik or Nik("")),),
        phone=phone,
        language=booking.language,
        request_key=request_key,
        channel=Channel.DESK,
        priority=ticket.priority,
        exception=REASON,
        outside_quota=True,
    )
    return book_assisted(
        session,
        request,
        office_id=office_id,
        keyring=keyring,
        now=now,
        actor=Actor.staff(staff_id),
        staff_id=staff_id,
    )
