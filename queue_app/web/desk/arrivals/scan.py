"""Scanning: one field that takes what a scanner reads or somebody types, and one answer."""

from __future__ import annotations

from flask import current_app, g, render_template, request
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.arrivals import ADMITTING
from queue_app.domain.errors import DomainError, RequestChanged
from queue_app.domain.roles import Permission
from queue_app.queries.offline.conflicts import count_conflicts
from queue_app.services.arrivals.check_in import find_scan
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import new_nonce
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.refusals.errors import problem, wants_json
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import now
from queue_app.web.site.headers import CAMERA_POLICY
from queue_app.web.site.language import gettext as _

from .answering import answer_to, answered, refused, scan_of, scan_once
from .forms import ScanForm
from .scan_answer import Answer


@bp.get("/pindai")
@requires(Permission.CHECK_IN)
def scan() -> Response:
    """The field; with ``?hasil=`` the answer to the last scan around it."""
    check_in_id = request.args.get("hasil", type=row_number)
    shown = answer_to(scan_of(check_in_id)) if check_in_id else None
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
    try:
        return answered(scan_once(form.code.data, form.nonce.data))
    except RequestChanged as refusal:  # a page that somebody went back to: its code stays in the field
        if wants_json():
            return refused(refusal)
        form.nonce.data = new_nonce()
        form.complain(message_for(refusal), "code")
        return _page(form, None, status_of(refusal))


@bp.post("/pindai/<int:check_in_id>/urungkan")
@requires(Permission.CHECK_IN)
def undo(check_in_id: int) -> Response:
    """Take an admission back, a party's as a whole."""
    moment = now()
    try:
        with unit_of_work() as session:
            scanned = scan_of(check_in_id)
            admitted = [row.id for row in find_scan(session, scanned) if row.result in ADMITTING]
            for row_id in admitted or [check_in_id]:
                undo_check_in(session, row_id, office_id=g.staff.office_id, staff_id=g.staff.staff_id, now=moment)
    except DomainError as refusal:
        return refused(refusal)
    return answered(scanned)


def _page(form: ScanForm, shown: Answer | None, status: int = 200) -> Response:
    title = shown.word if shown else _("Pindai tiket")
    count = count_conflicts(db.session(), g.staff.office_id)
    page = render_template("desk/scan.html", title=title, form=form, answer=shown, conflict_count=count)
    return current_app.response_class(page, status, {"Content-Security-Policy": CAMERA_POLICY})
