"""Checking people in by a partner's program: a kiosk in the hall, or the scanner at its door."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session

from queue_app.domain.api_keys import Scope
from queue_app.models import CheckIn, Ticket
from queue_app.queries.calendar.offices import office_called
from queue_app.services.arrivals.check_in import check_in as record
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.document.answering import Answer, answer
from queue_app.web.api.document.reading import Body, sent_body
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.language import gettext as _

from . import told
from .sent import read_scan


@bp.post("/check-ins")
@with_api_key(Scope.CHECK_INS_WRITE)
def check_in() -> Response:
    body = sent_body("CheckInRequest")
    body.check()
    return stored_once(lambda session: _record(session, body))


def _record(session: Session, body: Body) -> Response:
    sent = read_scan(body, g.partner)
    office = office_called(session, sent.office)
    if office is None:
        body.complain("/office", "not_found", _("Tidak ada kantor seperti itu."))
        body.check()
        raise AssertionError("unreachable")
    rows = record(session, sent.at(office.id), keyring=keyring(), now=now())
    return answer(told.party([_person(session, row) for row in rows]))


def _person(session: Session, row: CheckIn) -> Answer:
    ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
    return told.person(row.result, (ticket.letter, ticket.queue_number) if ticket else None)
