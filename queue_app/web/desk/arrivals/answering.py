"""The answer to a scan, however somebody was checked in: scanned, by hand in the list, or looked at once more."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import g, get_template_attribute, jsonify, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import claiming, db
from queue_app.domain.arrivals import nonce_of_scan
from queue_app.domain.errors import DomainError, NotFound
from queue_app.queries.access.office_rows import check_in_at
from queue_app.queries.arrivals.scans import first_row, scan_facts
from queue_app.services.arrivals.check_in import (
    Scan,
    check_in,
    check_in_at_desk,
    just_admitted,
)
from queue_app.web.refusals.errors import problem, wants_json
from queue_app.web.refusals.people import message_for
from queue_app.web.request import keyring, now, stored_once

from .scan_answer import Answer, answer


def scan_once(typed: str, nonce: str) -> str:
    """Record a scan at the desk of whoever is logged in, or find what the same request recorded before: the nonce of
    the scan that stands. Raises RequestChanged for the nonce of another scan.
    """
    asked = Scan(typed=typed, office_id=g.staff.office_id, staff_id=g.staff.staff_id, nonce=nonce)
    with claiming() as connection:
        stands = check_in_at_desk(connection, asked, keyring=keyring(), now=now())
    return stands or stored_once(lambda session: _scan_once(session, asked))


def _scan_once(session: Session, asked: Scan) -> str:
    by: dict[str, Any] = {"keyring": keyring(), "now": now()}
    # A scanner that was triggered twice keeps its first answer, which has the undo and the identity keys.
    if same := just_admitted(session.connection(), asked, **by):
        return same
    check_in(session, asked, **by)
    return asked.nonce


def scan_of(check_in_id: int) -> str:
    """The nonce of the scan at this office that one of its rows names. Raises NotFound."""
    return nonce_of_scan(check_in_at(db.session(), check_in_id, g.staff.office_id).nonce)


def answer_to(nonce: str) -> Answer:
    """What a scan has to say, about a party with all its persons."""
    return answer(scan_facts(db.session(), nonce, keyring=keyring()), zone=g.staff.time_zone, now=now())


def answered(nonce: str) -> Response:
    """The answer to a scan as JSON with its piece of the page, or by way of a redirect."""
    if not wants_json():
        return redirect(url_for("desk.scan", hasil=first_row(db.session(), nonce)), 303)
    shown = answer_to(nonce)
    piece = get_template_attribute("desk/answer.html", "scan_answer")(shown)
    return jsonify({**asdict(shown), "html": piece})


def refused(refusal: DomainError) -> Response:
    """For the script a problem it can show beside the answer; else the page that every refusal has."""
    if wants_json() and refusal.code != NotFound.code:
        return problem(refusal.code, message_for(refusal), 409)
    raise refusal
