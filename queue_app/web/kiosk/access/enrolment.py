"""A device becomes a kiosk: somebody types the one-time code that the administrator's page shows."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.attempts import ENROLMENT_NETWORK
from queue_app.domain.errors import NotFound, TooManyAttempts
from queue_app.models import Office
from queue_app.queries.calendar.offices import office_of_slug
from queue_app.services.access import kiosks
from queue_app.services.access.staff import end_session
from queue_app.web.access.attempts import count, from_network
from queue_app.web.access.cookies import cookie, take_cookie
from queue_app.web.access.kiosks import give_token
from queue_app.web.access.passwords import forget_browser
from queue_app.web.access.rules import STAFF_COOKIE, public
from queue_app.web.kiosk.arrivals.forms import EnrolmentForm
from queue_app.web.kiosk.blueprint import bp
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _


@bp.route("/<office:office>/daftar", methods=["GET", "POST"])
@public
def enrol(office: str) -> str | Response | tuple[str, int]:
    found = office_of_slug(db.session(), office)
    if found is None:
        raise NotFound()
    form = EnrolmentForm()
    if request.method == "GET":
        return _page(form, found)
    try:
        count([from_network(ENROLMENT_NETWORK)])
    except TooManyAttempts as refusal:
        form.refuse(refusal, "code")
        return _page(form, found), 429
    try:
        if not form.validate():
            raise NotFound()
        with unit_of_work() as unit:
            token = kiosks.enrol(unit, office, form.code.data, now=now())
            if staff_token := cookie(STAFF_COOKIE):
                # Whoever set the kiosk up must not stay logged in where everybody touches it.
                end_session(unit, staff_token, now=now())
    except NotFound:
        form.code.errors = []
        form.complain(
            _("Kode ini salah, sudah dipakai, atau kedaluwarsa. Minta kode baru kepada administrator."), "code"
        )
        return _page(form, found), 422
    session.clear()
    response = redirect(url_for(".start", office=office), 303)
    take_cookie(response, STAFF_COOKIE)
    forget_browser(response)
    give_token(response, token)
    return response


def _page(form: EnrolmentForm, office: Office) -> str:
    return render_template("kiosk/enrol.html", form=form, office=office)
