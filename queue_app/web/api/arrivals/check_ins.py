"""Checking people in by a partner's program: a kiosk in the hall, or the scanner at its door."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session

from queue_app.domain.api_keys import Scope, in_letters
from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.tickets import show_number
from queue_app.models import CheckIn, Ticket
from queue_app.queries.calendar.offices import office_of_slug
from queue_app.services.arrivals.check_in import Scan
from queue_app.services.arrivals.check_in import check_in as record
from queue_app.services.arrivals.scanned import find_tickets
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.document.answering import Answer, answer
from queue_app.web.api.document.reading import Body, sent_body
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.language import gettext as _

# The number is told of a ticket that is in; of any other one nothing is.
INSIDE = ADMITTING | {ScanResult.ALREADY}


@bp.post("/check-ins")
@with_api_key(Scope.CHECK_INS_WRITE)
def check_in() -> Response:
    body = sent_body("CheckInRequest")
    body.check()
    return stored_once(lambda session: _record(session, body))


def _record(session: Session, body: Body) -> Response:
    typed = body.get("/token") or body.get("/code")
    office = office_of_slug(session, body.get("/office"))
    if office is None:
        body.complain("/office", "not_found", _("Tidak ada kantor seperti itu."))
        body.check()
        raise AssertionError("unreachable")
    # Apart from those of the desks and of other partners.
    nonce = f"api{g.partner.key_id}:{in_letters(body.get('/nonce'))}"
    scan = Scan(typed, office.id, None, nonce, api_key_id=g.partner.key_id)
    rows = record(session, scan, keyring=keyring(), now=now())
    tickets = {ticket.id: ticket for ticket in find_tickets(session, typed, keyring=keyring())}
    persons = [_told(row, tickets.get(row.ticket_id or 0)) for row in rows]
    return answer({**persons[0], "persons": persons})


def _told(row: CheckIn, ticket: Ticket | None) -> Answer:
    inside = ticket is not None and row.result in INSIDE
    return {
        "result": row.result.value,
        "admitted": row.result in ADMITTING,
        "queue_number": show_number(ticket.letter, ticket.queue_number) if inside and ticket else None,
    }
