"""Another visit of somebody who came in vain or not at all, with all that is known of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import IllegalTransition, IllegalVisitStep, NotFound
from queue_app.domain.keyring import Keyring, person_of, readable
from queue_app.domain.office_acts import OfficeAct, office_acts
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Actor
from queue_app.domain.visits import MAY_COME_AGAIN
from queue_app.models import Ticket, Visit
from queue_app.queries.access.office_rows import ticket_at
from queue_app.queries.booking.contacts import contact_of
from queue_app.queries.booking.lives import life_of
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.booking.book import Booked
from queue_app.services.booking.request import Applicant
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

    Raises what `book_assisted` raises; IllegalVisitStep unless the visit has ended without their fault; NotFound when
    nothing is known of them any more.
    """
    visit = load_visit(session, ticket_id, office_id=office_id)
    if visit.outcome not in MAY_COME_AGAIN:
        raise IllegalVisitStep(state=visit.state, target=None)
    ticket = session.get_one(Ticket, ticket_id)
    wanted = _request(session, ticket, visit.service_id, starts_at, keyring, request_key=request_key, guaranteed=True)
    return _book(session, wanted, office_id=office_id, staff_id=staff_id, keyring=keyring, now=now)


def book_again(
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
    """The same for whoever missed their hour, cancelled, or lacked a document: a place like any other who is helped.
    For whom it failed it is guaranteed, as by `book_revisit`.

    Raises what `book_assisted` raises; IllegalTransition while the ticket still leads somewhere, or was served well.
    """
    ticket = ticket_at(session, ticket_id, office_id)
    life = life_of(session, ticket)
    if OfficeAct.BOOK_AGAIN not in office_acts(life, now=now):
        raise IllegalTransition(state=ticket.state, target=TicketState.BOOKED)
    visit = session.get(Visit, ticket_id)
    service_id = visit.service_id if visit else ticket.service_id  # they may have been passed on to another one
    guaranteed = life.outcome in MAY_COME_AGAIN
    wanted = _request(session, ticket, service_id, starts_at, keyring, request_key=request_key, guaranteed=guaranteed)
    return _book(session, wanted, office_id=office_id, staff_id=staff_id, keyring=keyring, now=now)


def _request(
    session: Session,
    ticket: Ticket,
    service_id: int,
    starts_at: datetime,
    keyring: Keyring,
    *,
    request_key: str,
    guaranteed: bool,
) -> AssistedRequest:
    """What they would ask for themselves. Raises NotFound when nothing is known of them any more,
    PersonalDataUnreadable where the keys do not open it.
    """
    booking = ticket.booking
    person = person_of(ticket, booking.code, keyring)
    if person.nik is None:
        raise NotFound()
    contact = contact_of(booking, keyring)
    return AssistedRequest(
        offering_id=offering_at(session, ticket.office_id, service_id).id,
        starts_at=starts_at,
        applicants=(Applicant(readable(person.name), person.nik),),
        phone=readable(contact.phone),
        email=readable(contact.email),
        language=booking.language,
        request_key=request_key,
        channel=Channel.DESK,
        priority=ticket.priority,
        exception=REASON if guaranteed else None,
        outside_quota=guaranteed,
    )


def _book(
    session: Session, wanted: AssistedRequest, *, office_id: int, staff_id: int, keyring: Keyring, now: datetime
) -> Booked:
    by = Actor.staff(staff_id)
    return book_assisted(session, wanted, office_id=office_id, keyring=keyring, now=now, actor=by, staff_id=staff_id)
