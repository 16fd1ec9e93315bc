"""Scanning: one field that takes what a scanner reads or somebody types, and one answer."""

from __future__ import annotations

from dataclasses import asdict

from flask import current_app, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound, RepeatedRequest
from queue_app.domain.roles import Permission
from queue_app.models import CheckIn
from queue_app.queries.office_rows import check_in_at
from queue_app.queries.scans import scan_facts
from queue_app.services import check_in as check_in_service
from queue_app.services.check_in import Scan
from queue_app.web.access import requires
from queue_app.web.errors import message_for, problem, wants_json
from queue_app.web.language import gettext as _
from queue_app.web.row_numbers import row_number

from .answers import Answer, answer
from .blueprint import bp
from .forms import ScanForm, new_nonce


@bp.get("/pindai")
@requires(Permission.CHECK_IN)
def scan() -> str:
    """The field; with ``?hasil=`` the answer to the last scan around it."""
    check_in_id = request.args.get("hasil", type=row_number)
    shown = answer_to(check_in_at(db.session(), check_in_id, g.staff.office_id)) if check_in_id else None
    return _page(ScanForm(formdata=None, nonce=new_nonce()), shown)


@bp.post("/pindai")
@requires(Permission.CHECK_IN)
def record_scan() -> Response | tuple[str, int]:
    form = ScanForm()
    if not form.validate_on_submit():
        message = _("Pindai tiket, atau ketik kode pemesanan.")
        if wants_json():
            return problem("invalid_scan", message, 422)
        form = ScanForm(formdata=None, nonce=new_nonce())
        form.complain(message, "code")
        return _page(form, None), 422
    row = scan_once(form.code.data, form.nonce.data)
    if wants_json():
        return jsonify(asdict(answer_to(row)))
    return redirect(url_for(".scan", hasil=row.id), 303)


@bp.post("/pindai/<int:check_in_id>/urungkan")
@requires(Permission.CHECK_IN)
def undo(check_in_id: int) -> Response:
    """Take an admission back; leads back to the list when it was asked for there."""
    now = current_app.extensions["clock"].now()
    try:
        with unit_of_work() as session:
            row = check_in_service.undo_check_in(
                session, check_in_id, office_id=g.staff.office_id, staff_id=g.staff.staff_id, now=now
            )
    except DomainError as refusal:
        if wants_json() and refusal.code != NotFound.code:
            return problem(refusal.code, message_for(refusal), 409)
        raise
    if wants_json():
        return jsonify(asdict(answer_to(row)))
    if request.form.get("from") == "arrivals":
        return redirect(url_for(".arrivals", hasil=row.id), 303)
    return redirect(url_for(".scan", hasil=row.id), 303)


def scan_once(typed: str, nonce: str) -> CheckIn:
    """Record a scan at the desk of whoever is logged in, or find what the same request recorded before."""
    asked = Scan(typed=typed, office_id=g.staff.office_id, staff_id=g.staff.staff_id, nonce=nonce)
    try:
        row = _record(asked)
    except RepeatedRequest:
        row = _record(asked)  # the other transaction has ended by now: this finds its row
    if row.office_id != g.staff.office_id:
        raise NotFound()  # a nonce of another office's desk
    return row


def _record(asked: Scan) -> CheckIn:
    extensions = current_app.extensions
    with unit_of_work() as session:
        return check_in_service.check_in(session, asked, keyring=extensions["keyring"], now=extensions["clock"].now())


def answer_to(row: CheckIn) -> Answer:
    extensions = current_app.extensions
    facts = scan_facts(db.session(), row, keyring=extensions["keyring"])
    return answer(facts, zone=g.staff.time_zone, now=extensions["clock"].now())


def _page(form: ScanForm, shown: Answer | None) -> str:
    title = shown.word if shown else _("Pindai tiket")
    return render_template("desk/scan.html", title=title, form=form, answer=shown)
