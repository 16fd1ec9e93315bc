"""Booking for citizens, and seeing, moving and cancelling what was booked."""

from __future__ import annotations

from flask import Response, g, request
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import Scope
from queue_app.domain.errors import DomainError, NotFound, SlotFull, TicketLost
from queue_app.domain.tickets import read_code
from queue_app.queries.booking.availability import nearest_open, slot_time
from queue_app.queries.booking.bookings import (
    BookingFacts,
    booking_of_code,
    code_of_ticket,
)
from queue_app.queries.calendar import offices as office_queries
from queue_app.queries.records.restorations import latest_gap
from queue_app.services.arrivals.lost import is_lost
from queue_app.services.booking import change
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.booking import json_shapes
from queue_app.web.api.booking.made import location_of, made
from queue_app.web.api.booking.sent import KEY, read_request
from queue_app.web.api.calendar.json_shapes import slot as slot_shape
from queue_app.web.api.document.answering import answer
from queue_app.web.api.document.reading import sent_body
from queue_app.web.before_flask.known_refusals import report_refusal
from queue_app.web.booking.book_once import book_once
from queue_app.web.booking.recent_days import days_a_moment_ago
from queue_app.web.refusals.programs import api_problem, refusal_problem
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _


@bp.post("/slots/<int:slot_id>/bookings")
@with_api_key(Scope.BOOKINGS_WRITE)
def book(slot_id: int) -> Response:
    wanted = read_request(sent_body("BookingRequest"), slot_id, request.headers.get(KEY), g.partner)
    try:
        booked = book_once(wanted, actor())
    except DomainError as refusal:
        report_refusal(refusal, slot_id, len(wanted.applicants))
        return _refused(refusal, slot_id, len(wanted.applicants))
    body = made(booked)
    return answer(body, 201, {"Location": location_of(body)})


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
    body = sent_body("RescheduleRequest")
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
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    found = slot_time(db.session(), slot_id)
    nearest = []
    if offering is not None and found is not None:
        zone = offering.office.time_zone
        free = nearest_open(days_a_moment_ago(offering), found[1], places=places)
        nearest = [slot_shape(slot, zone) for slot in free]
    return api_problem(SlotFull.code, alternatives=nearest)
