"""Nine questions at the kiosk, after the ticket was scanned or its code typed.

What somebody has touched so far lies in the session between two pages, as everything at a kiosk: no page that was
posted to stands in the browser's history, and the start page makes an end of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import DomainError
from queue_app.domain.surveys import SurveyChannel
from queue_app.models import Ticket
from queue_app.services.surveys.answers import take_answers
from queue_app.services.surveys.at_kiosk import ticket_to_judge
from queue_app.web.access.rules import with_device
from queue_app.web.kiosk.arrivals import between_pages
from queue_app.web.kiosk.arrivals.forms import CodeForm
from queue_app.web.kiosk.blueprint import bp
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.surveys.survey_form import SurveyForm

LIFETIME = timedelta(minutes=10)  # a dialog asks earlier whether somebody is still there


@bp.get("/<office:office>/survei")
@with_device
def survey_ticket(office: str) -> str:
    return render_template("kiosk/survey_ticket.html", form=CodeForm(formdata=None))


@bp.post("/<office:office>/survei")
@with_device
def find_survey(office: str) -> Response:
    form = CodeForm()
    if not form.validate_on_submit():
        flash(_("Pindai kode QR tiket Anda, atau ketik kode pemesanannya."))
        return redirect(url_for(".survey_ticket", office=office), 303)
    try:
        ticket = ticket_to_judge(
            db.session(), form.code.data, office_id=g.device.office_id, keyring=keyring(), now=now()
        )
    except DomainError as refusal:
        return _told(office, refusal.code)
    session[between_pages.SURVEY] = {"ticket": ticket.id, "made": now().isoformat()}
    return redirect(url_for(".survey", office=office), 303)


@bp.get("/<office:office>/survei/isi")
@with_device
def survey(office: str) -> str | Response:
    kept = _kept()
    if kept is None:
        return redirect(url_for(".start", office=office), 303)
    form = SurveyForm(formdata=None, data=kept.get("given", {}))
    if "given" in kept:
        flash(_("Sentuh satu jawaban pada setiap pertanyaan."))
    return render_template("kiosk/survey.html", form=form)


@bp.post("/<office:office>/survei/isi")
@with_device
def answer_survey(office: str) -> Response:
    kept, form = _kept(), SurveyForm()
    if kept is None:
        return redirect(url_for(".start", office=office), 303)
    if not form.validate():
        given = {field.name: field.data for field in form.questions if field.data and not field.errors}
        session[between_pages.SURVEY] = kept | {"given": given}
        return redirect(url_for(".survey", office=office), 303)
    try:
        with unit_of_work() as unit:
            take_answers(unit, unit.get_one(Ticket, kept["ticket"]), form.answers(SurveyChannel.KIOSK), now=now())
    except DomainError as refusal:
        return _told(office, refusal.code)
    return _told(office, between_pages.THANKS)


def _told(office: str, code: str) -> Response:
    session.pop(between_pages.SURVEY, None)
    between_pages.keep_result(between_pages.KioskResult(between_pages.REFUSED, code=code))
    return redirect(url_for(".outcome", office=office), 303)


def _kept() -> dict[str, Any] | None:
    """None when nobody has scanned a ticket, or it was too long ago to be the business of whoever stands there now."""
    kept = dict(session.get(between_pages.SURVEY) or {})
    fresh = kept and lies_within(datetime.fromisoformat(kept["made"]), LIFETIME, now())
    return kept if fresh else None
