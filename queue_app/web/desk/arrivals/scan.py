"""Scanning: one field that takes what a scanner reads or somebody types, and one answer."""

from __future__ import annotations

from dataclasses import asdict

from flask import current_app, g, get_template_attribute, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.arrivals import ADMITTING
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.models import CheckIn
from queue_app.queries.access.office_rows import check_in_at
from queue_app.queries.arrivals.scans import scan_facts
from queue_app.queries.offline.conflicts import count_conflicts
from queue_app.services.arrivals import check_in as check_in_service
from queue_app.services.arrivals.check_in import Scan
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import new_nonce
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.refusals.errors import message_for, problem, wants_json
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.headers import content_security_policy
from queue_app.web.site.language import gettext as _

from .forms import ScanForm
from .scan_answer import Answer, answer

# The decoder of the camera is WebAssembly, which the usual policy forbids; this page alone may compile it.
POLICY = content_security_policy(script_src="'self' 'wasm-unsafe-eval'")


@bp.get("/pindai")
@requires(Permission.CHECK_IN)
def scan() -> Response:
    """The field; with ``?hasil=`` the answer to the last scan around it."""
    check_in_id = request.args.get("hasil", type=row_number)
    shown = answer_to(check_in_at(db.session(), check_in_id, g.staff.office_id)) if check_in_id else None
    return _page(ScanForm(formdata=None, nonce=new_nonce()), shown)


@bp.post("/pindai")
@requires(Permission.CHECK_IN)
def record_scan() -> Response:
    form = ScanForm()
    if not form.validate_on_submit():
        message = _("Pindai tiket, atau ketik kode pemesanan.")
        if wants_json():
            return problem("invalid_scan", message, 422)
        form = ScanForm(formdata=None, nonce=new_nonce())
        form.complain(message, "code")
        return _page(form, None, 422)
    return answered(scan_once(form.code.data, form.nonce.data))


@bp.post("/pindai/<int:check_in_id>/urungkan")
@requires(Permission.CHECK_IN)
def undo(check_in_id: int) -> Response:
    """Take an admission back, a party's as a whole."""
    moment = now()
    try:
        with unit_of_work() as session:
            rows = rows_of_scan(check_in_at(session, check_in_id, g.staff.office_id))
            admitted = [row.id for row in rows if row.result in ADMITTING]
            for row_id in admitted or [check_in_id]:
                check_in_service.undo_check_in(
                    session, row_id, office_id=g.staff.office_id, staff_id=g.staff.staff_id, now=moment
                )
    except DomainError as refusal:
        return refused(refusal)
    return answered(rows[0])


def answered(row: CheckIn) -> Response:
    """The answer to a scan as JSON with its piece of the page, or by way of a redirect."""
    if not wants_json():
        return redirect(url_for(".scan", hasil=row.id), 303)
    shown = answer_to(row)
    piece = get_template_attribute("desk/answer.html", "scan_answer")(shown)
    return jsonify({**asdict(shown), "html": piece})


def refused(refusal: DomainError) -> Response:
    """For the script a problem it can show beside the answer; else the page that every refusal has."""
    if wants_json() and refusal.code != NotFound.code:
        return problem(refusal.code, message_for(refusal), 409)
    raise refusal


def scan_once(typed: str, nonce: str) -> CheckIn:
    """Record a scan at the desk of whoever is logged in, or find what the same request recorded before.

    The first row: of a party there are as many as persons.
    """
    asked = Scan(typed=typed, office_id=g.staff.office_id, staff_id=g.staff.staff_id, nonce=nonce)
    first, *_party = stored_once(
        lambda session: check_in_service.check_in(session, asked, keyring=keyring(), now=now())
    )
    if first.office_id != g.staff.office_id:
        raise NotFound()  # a nonce of another office's desk
    return first


def rows_of_scan(row: CheckIn) -> tuple[CheckIn, ...]:
    """All rows of the scan that made this one, in the order of the party."""
    return check_in_service.find_scan(db.session(), row.nonce.partition(".")[0])


def answer_to(row: CheckIn) -> Answer:
    """What the scan that made this row has to say, about a party with all its persons."""
    session = db.session()
    party = [scan_facts(session, one, keyring=keyring()) for one in rows_of_scan(row)]
    return answer(party, zone=g.staff.time_zone, now=now())


def _page(form: ScanForm, shown: Answer | None, status: int = 200) -> Response:
    title = shown.word if shown else _("Pindai tiket")
    count = count_conflicts(db.session(), g.staff.office_id)
    page = render_template("desk/scan.html", title=title, form=form, answer=shown, conflict_count=count)
    return current_app.response_class(page, status, {"Content-Security-Policy": POLICY})
