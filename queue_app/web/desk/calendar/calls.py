"""Telephoning those of a closure whom no message reaches: name, number on request, and a tick."""

from __future__ import annotations

from flask import Response, flash, g, make_response, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import Length, Optional

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.queries.calendar.call_list import call_counts, calls_of, offer_at
from queue_app.queries.calendar.closures import closure_at
from queue_app.services.calendar.calls import record_call, show_phone
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class CallForm(OfficeForm):
    note = StringField(
        _l("Catatan (boleh kosong)"), filters=[trimmed], validators=[Optional(), Length(max=200)], widget=GovTextInput()
    )


@bp.get("/telepon")
@requires(Permission.TELL_PEOPLE)
def call_lists() -> str:
    return render_template("desk/call_lists.html", counts=call_counts(db.session(), g.staff.office_id))


@bp.get("/telepon/<int:closure_id>")
@requires(Permission.TELL_PEOPLE)
def call_list(closure_id: int) -> Response:
    return _page(closure_id)


@bp.post("/telepon/<int:offer_id>/nomor")
@requires(Permission.TELL_PEOPLE)
def reveal_phone(offer_id: int) -> Response:
    """The number of one booking, in the answer to this request only; the audit log says who asked for it."""
    with unit_of_work() as session:
        by = {"office_id": g.staff.office_id, "keyring": keyring(), "actor": actor(), "now": now()}
        phone = show_phone(session, offer_id, **by)
        closure_id = offer_at(session, offer_id, g.staff.office_id).closure_id
    return _page(closure_id, shown=offer_id, phone=phone or "")


@bp.post("/telepon/<int:offer_id>/sudah")
@requires(Permission.TELL_PEOPLE)
def record_told(offer_id: int) -> AnyResponse | tuple[Response, int]:
    form = CallForm()
    closure_id = offer_at(db.session(), offer_id, g.staff.office_id).closure_id
    if not form.validate():
        return _page(closure_id, form, shown=offer_id), 422
    try:
        with unit_of_work() as session:
            by = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id, "now": now()}
            record_call(session, offer_id, note=form.note.data or "", **by)
    except DomainError as refusal:
        form.refuse(refusal, "note" if refusal.code == "reason_required" else None)
        return _page(closure_id, form, shown=offer_id), status_of(refusal)
    flash(_("Dicatat: sudah ditelepon."), "success")
    return redirect(url_for(".call_list", closure_id=closure_id), 303)


def _page(closure_id: int, form: CallForm | None = None, *, shown: int | None = None, phone: str = "") -> Response:
    """``shown``: the offer whose line is opened, with its ``phone`` when that was just asked for."""
    session = db.session()
    closure = closure_at(session, closure_id, g.staff.office_id)
    response = make_response(
        render_template(
            "desk/calls.html",
            closure=closure,
            calls=calls_of(session, closure, keyring=keyring()),
            form=form or CallForm(formdata=None),
            shown=shown,
            phone=phone,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
