"""The answer to a scan, however somebody was checked in: scanned, by hand in the list, or looked at once more."""

from __future__ import annotations

from dataclasses import asdict

from flask import g, get_template_attribute, jsonify, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import DomainError, NotFound
from queue_app.models import CheckIn
from queue_app.queries.arrivals.scans import just_admitted, scan_facts
from queue_app.services.arrivals import check_in as check_in_service
from queue_app.services.arrivals.check_in import Scan, rows_of_scan
from queue_app.services.arrivals.scanned import find_tickets
from queue_app.web.refusals.errors import problem, wants_json
from queue_app.web.refusals.people import message_for
from queue_app.web.request import keyring, now, stored_once

from .scan_answer import Answer, answer


def scan_once(typed: str, nonce: str) -> CheckIn:
    """Record a scan at the desk of whoever is logged in, or find what the same request recorded before.

    The first row: of a party there are as many as persons. Raises RequestChanged for the nonce of another scan.
    """
    asked = Scan(typed=typed, office_id=g.staff.office_id, staff_id=g.staff.staff_id, nonce=nonce)
    first, *_party = stored_once(lambda session: _same_scan(session, asked) or _check_in(session, asked))
    return first


def _check_in(session: Session, asked: Scan) -> tuple[CheckIn, ...]:
    return check_in_service.check_in(session, asked, keyring=keyring(), now=now())


def _same_scan(session: Session, asked: Scan) -> tuple[CheckIn, ...]:
    """A scanner that was triggered twice keeps its first answer, which has the undo and the identity keys."""
    tickets = find_tickets(session, asked.typed, keyring=keyring())
    first = just_admitted(session, tickets, office_id=g.staff.office_id, staff_id=g.staff.staff_id, now=now())
    return (first,) if first else ()


def answer_to(row: CheckIn) -> Answer:
    """What the scan that made this row has to say, about a party with all its persons."""
    session = db.session()
    party = [scan_facts(session, one, keyring=keyring(), now=now()) for one in rows_of_scan(session, row)]
    return answer(party, zone=g.staff.time_zone, now=now())


def answered(row: CheckIn) -> Response:
    """The answer to a scan as JSON with its piece of the page, or by way of a redirect."""
    if not wants_json():
        return redirect(url_for("desk.scan", hasil=row.id), 303)
    shown = answer_to(row)
    piece = get_template_attribute("desk/answer.html", "scan_answer")(shown)
    return jsonify({**asdict(shown), "html": piece})


def refused(refusal: DomainError) -> Response:
    """For the script a problem it can show beside the answer; else the page that every refusal has."""
    if wants_json() and refusal.code != NotFound.code:
        return problem(refusal.code, message_for(refusal), 409)
    raise refusal
