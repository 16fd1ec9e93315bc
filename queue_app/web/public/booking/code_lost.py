"""For whoever is told that a NIK has a booking: the code once more, and what to do when it is somebody else's."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.attempts import CODE_AGAIN_NETWORK, CODE_AGAIN_NIK
from queue_app.domain.errors import TooManyAttempts
from queue_app.domain.identity import parse_nik
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.access.attempts import attempt
from queue_app.services.booking.code_again import send_code_again
from queue_app.web.access.attempts import count, from_network
from queue_app.web.access.rules import public
from queue_app.web.public.blueprint import bp
from queue_app.web.request import keyring, now

from .forms import CodeLostForm


@bp.get("/kode-hilang")
@public
def code_lost() -> str:
    return _page(CodeLostForm(formdata=None))


@bp.post("/kode-hilang")
@public
def ask_for_code() -> Response | tuple[str, int]:
    """One answer whether or not the NIK has a booking: it must not tell who comes here."""
    form = CodeLostForm()
    if not form.validate_on_submit():
        return _page(form), 422
    nik = parse_nik(form.nik.data)
    try:
        count([from_network(CODE_AGAIN_NETWORK), attempt(CODE_AGAIN_NIK, nik.digits, keyring=keyring())])
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.details["retry_after"]) from None
    with unit_of_work() as session:
        send_code_again(session, nik, keyring=keyring(), now=now())
    return redirect(url_for(".code_asked"), 303)


@bp.get("/kode-hilang/diminta")
@public
def code_asked() -> str:
    return render_template("public/code_asked.html", offices=office_queries.offices(db.session()))


@bp.get("/bukan-saya")
@public
def not_me() -> str:
    return render_template("public/not_me.html", offices=office_queries.offices(db.session()))


def _page(form: CodeLostForm) -> str:
    return render_template("public/code_lost.html", form=form, offices=office_queries.offices(db.session()))
