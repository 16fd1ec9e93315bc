"""Booking for citizens, and seeing, moving and cancelling what was booked."""

from __future__ import annotations

from functools import partial

from flask import Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from queue_app.adapters.language import INDONESIAN
from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import Scope, in_letters
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import DomainError, InvalidParty, NotFound, SlotFull, TicketLost
from queue_app.domain.identity import parse_name, parse_nik
from queue_app.domain.phones import parse_phone
from queue_app.domain.priority import Channel
from queue_app.domain.tickets import read_code
from queue_app.queries.booking.availability import nearest_open, slot_time
from queue_app.queries.booking.bookings import (
    BookedSlot,
    BookingFacts,
    LatestTicket,
    booked_slot,
    booking_of_code,
    code_of_ticket,
)
from queue_app.queries.calendar import offices as office_queries
from queue_app.queries.records.restorations import latest_gap
from queue_app.services.arrivals.lost import is_lost
from queue_app.services.booking import change
from queue_app.services.booking.book import Applicant, BookingRequest
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import PREFIX, bp
from queue_app.web.api.booking import json_shapes
from queue_app.web.api.calendar.json_shapes import slot as slot_shape
from queue_app.web.api.document.answering import answer
from queue_app.web.api.document.operations import BY_ID
from queue_app.web.api.document.reading import Body, wrong_parameters
from queue_app.web.before_flask.sold_out import days_a_moment_ago, report_full
from queue_app.web.booking.book_once import book_once
from queue_app.web.forms.email_field import read_email
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.programs import api_problem, refusal_problem
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.short_cache import ShortCache

KEY = "Idempotency-Key"
REMEMBERED = 5.0  # seconds
MOST_SLOTS = 2000


@bp.record
def remember_slots(state: BlueprintSetupState) -> None:
    """Office, service and times of a slot: in the rush the same few are answered again and again."""
    state.app.extensions["booked_slots"] = ShortCache[int, BookedSlot](REMEMBERED, MOST_SLOTS)


@bp.post("/slots/<int:slot_id>/bookings")
@with_api_key(Scope.BOOKINGS_WRITE)
def book(slot_id: int) -> Response:
    wanted = _read_request(slot_id)
    try:
        booked = book_once(wanted, actor())
    except DomainError as refusal:
        return _refused(refusal, slot_id, len(wanted.applicants))
    tickets = [
        LatestTicket(ticket.id, booked.letter, ticket.queue_number, TicketState.BOOKED) for ticket in booked.tickets
    ]
    body = json_shapes.booking(booked.code, _slot(booked.slot_id), tickets)
    return answer(body, 201, {"Location": f"{PREFIX}/bookings/{body['code']}"})


@bp.get("/bookings/<code>")
@with_api_key(Scope.BOOKINGS_WRITE, or_ticket=True)
def show_booking(code: str) -> Response:
    return _answer(_own(code))


@bp.post("/bookings/<code>/cancel")
@with_api_key(Scope.BOOKINGS_WRITE, or_ticket=True)
def cancel(code: str) -> Response:
    own = _own(code)
    try:
        with unit_of_work() as session:
            change.cancel(session, own.id, now=now(), actor=actor())
    except DomainError as refusal:
        return refusal_problem(refusal, own.slot.zone)
    return _answer(_own(code))


@bp.post("/bookings/<code>/reschedule")
@with_api_key(Scope.BOOKINGS_WRITE, or_ticket=True)
def reschedule(code: str) -> Response:
    body = Body("RescheduleRequest")
    body.check()
    own, slot_id = _own(code), int(body.get("/slot_id"))
    try:
        with unit_of_work() as session:
            change.reschedule(session, own.id, slot_id, now=now(), actor=actor())
    except NotFound:
        body.complain("/slot_id", NotFound.code, _("Tidak ada jam seperti itu untuk layanan ini."))
        body.check()
    except DomainError as refusal:
        return _refused(refusal, slot_id, len(own.tickets))
    return _answer(_own(code))


def _read_request(slot_id: int) -> BookingRequest:
    """Raises NotJson, InvalidRequest with all that is wrong: header, shape, and what the domain says of each value."""
    body = Body("BookingRequest")
    key = request.headers.get(KEY)
    body.errors += wrong_parameters(BY_ID["book"].headers, {} if key is None else {KEY: key})
    companions = body.get("/companions")
    count = len(companions) if isinstance(companions, list) else 0
    people = ["/applicant", *(f"/companions/{index}" for index in range(count))]
    names = [_read_name(body, person) for person in people]
    niks = [body.take(f"{person}/nik", parse_nik) for person in people]
    for position, nik in enumerate(niks):
        if nik is not None and nik in niks[:position]:
            body.complain(f"{people[position]}/nik", InvalidParty.code, message_for(InvalidParty()))
    phone = body.take("/applicant/phone", parse_phone)
    confirmed = body.get("/applicant/email_confirmed") is True
    email = body.take("/applicant/email", partial(read_email, confirmed=confirmed))
    body.check()
    return BookingRequest(
        slot_id=slot_id,
        applicants=tuple(Applicant(name, nik) for name, nik in zip(names, niks, strict=True) if name and nik),
        phone=phone,
        email=email,
        language=body.get("/language") or INDONESIAN,
        # Two partners may choose the same key.
        request_key=f"api{g.partner.key_id}:{in_letters(key)}" if key else None,
        api_key_id=g.partner.key_id,
        channel=Channel.PARTNER,
    )


def _read_name(body: Body, person: str) -> str | None:
    confirmed = body.get(f"{person}/name_confirmed") is True
    return body.take(f"{person}/name", partial(parse_name, confirmed=confirmed))


def _own(typed: str) -> BookingFacts:
    """The booking of this code, if its ticket or the key that made it was shown; else NotFound, whatever the reason."""
    code, session = read_code(typed), db.session()
    found = booking_of_code(session, code) if code else None
    if found is None:
        raise _not_found(session)
    if g.partner is not None and g.partner.key_id == found.api_key_id:
        return found
    if g.ticket_id is not None and code_of_ticket(session, g.ticket_id) == found.code:
        return found
    raise _not_found(session)


def _not_found(session: Session) -> DomainError:
    """Said in another way to whoever shows a genuine ticket that was lost with a restored database."""
    lost = g.ticket_id is not None and is_lost(session, g.ticket_id)
    return TicketLost(gap=latest_gap(session)) if lost else NotFound()


def _answer(found: BookingFacts) -> Response:
    return answer(json_shapes.booking(found.code, found.slot, found.tickets))


def _refused(refusal: DomainError, slot_id: int, places: int) -> Response:
    """With what helps to go on: the nearest free times when places were wanting, else the times of the rule."""
    if isinstance(refusal, SlotFull):
        return _sold_out(slot_id, places)
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    return refusal_problem(refusal, offering.office.time_zone if offering else None)


def _sold_out(slot_id: int, places: int) -> Response:
    """The one place where a program learns that a slot is full; the gate before Flask learns it here too."""
    report_full(slot_id, places)
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    found = slot_time(db.session(), slot_id)
    nearest = []
    if offering is not None and found is not None:
        zone = offering.office.time_zone
        free = nearest_open(days_a_moment_ago(offering), found[1], places=places)
        nearest = [slot_shape(slot, zone) for slot in free]
    return api_problem(SlotFull.code, alternatives=nearest)


def _slot(slot_id: int) -> BookedSlot:
    known: ShortCache[int, BookedSlot] = current_app.extensions["booked_slots"]
    moment = now().timestamp()
    found = known.get(slot_id, moment)
    if found is None:
        found = booked_slot(db.session(), slot_id)
        if found is None:
            raise NotFound()
        known.put(slot_id, found, moment)
    return found
