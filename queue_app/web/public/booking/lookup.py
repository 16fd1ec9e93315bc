"""Finding one's ticket again: by booking code and phone number."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import NotFound, TooManyAttempts
from queue_app.domain.tickets import read_code
from queue_app.queries.records.restorations import recent_gap
from queue_app.services.booking import lookup
from queue_app.web.access.attempts import LOOK_UPS, count_look_up
from queue_app.web.access.rules import public
from queue_app.web.public.blueprint import bp
from queue_app.web.refusals.lost import gap_to_citizen
from queue_app.web.request import keyring, now
from queue_app.web.site.language import asks_other_language
from queue_app.web.site.language import gettext as _

from .forms import LookUpForm
from .ticket import ticket_page


@bp.get("/tiket-saya")
@public
def find() -> str:
    return render_template("public/find.html", form=LookUpForm(formdata=None))


@bp.post("/tiket-saya")
@public
def open_ticket() -> Response | tuple[str, int]:
    """One answer for every wrong combination: it must not tell which codes exist."""
    form = LookUpForm()
    if asks_other_language():
        if "refused" in request.form:
            form.validate()
        return render_template("public/find.html", form=form), 200
    if not form.validate_on_submit():
        return render_template("public/find.html", form=form), 422
    try:
        count_look_up(current_app.extensions[LOOK_UPS], request.remote_addr, read_code(form.code.data) or "")
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.details["retry_after"]) from None
    try:
        found = lookup.ticket_of_code(db.session(), form.code.data, form.phone.data, keyring=keyring())
    except NotFound:
        said = _("Kode pemesanan dan nomor HP ini tidak cocok. Periksa keduanya, lalu coba lagi.")
        gap = recent_gap(db.session(), now=now())
        form.complain(f"{said} {gap_to_citizen(gap)}" if gap else said, "code")
        return render_template("public/find.html", form=form), 422
    return redirect(ticket_page(found), 303)
