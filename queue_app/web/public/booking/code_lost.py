"""For whoever is told that a NIK has a booking: the code once more, and what to do when it is somebody else's."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.identity import parse_nik
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.booking.code_again import send_code_again
from queue_app.web.access.attempts import Attempts
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
    attempts: Attempts = current_app.extensions["code_again_attempts"]
    wait = attempts.take(request.remote_addr, nik.digits)
    if wait:
        raise TooManyRequests(retry_after=wait)
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
