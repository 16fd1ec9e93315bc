"""How was it? Nine questions for whoever was served, once."""

from __future__ import annotations

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.surveys import InvalidRemark, SurveyChannel
from queue_app.models import Ticket
from queue_app.services.surveys.answers import check_may_answer, take_answers
from queue_app.web.access.rules import public
from queue_app.web.booking.offerings import offering_for
from queue_app.web.public.blueprint import bp
from queue_app.web.public.booking.ticket import ticket_page
from queue_app.web.public.booking.ticket_facts import load_ticket
from queue_app.web.refusals.people import message_for
from queue_app.web.request import now
from queue_app.web.site.language import asks_other_language
from queue_app.web.site.language import gettext as _
from queue_app.web.surveys.survey_form import SurveyForm


@bp.get("/t/<token>/survei")
@public
def survey(token: str) -> AnyResponse | str:
    ticket = load_ticket(token)
    try:
        check_may_answer(db.session(), ticket, now=now())
    except DomainError as refusal:
        return _back(ticket, refusal)
    return _page(ticket, token, SurveyForm(formdata=None))


@bp.post("/t/<token>/survei")
@public
def answer_survey(token: str) -> AnyResponse | tuple[str, int]:
    ticket, form = load_ticket(token), SurveyForm()
    if asks_other_language():
        return _page(ticket, token, form), 200
    if not form.validate():
        return _page(ticket, token, form), 422
    try:
        with unit_of_work() as session:
            take_answers(session, load_ticket(token), form.answers(SurveyChannel.LINK), now=now())
    except InvalidRemark as refusal:
        form.refuse(refusal)
        return _page(load_ticket(token), token, form), 422
    except DomainError as refusal:
        return _back(load_ticket(token), refusal)
    flash(_("Terima kasih. Penilaian Anda membantu kami melayani lebih baik."), "success")
    return redirect(ticket_page(load_ticket(token)), 303)


def _page(ticket: Ticket, token: str, form: SurveyForm) -> str:
    offering = offering_for(ticket)
    return render_template("public/survey.html", form=form, offering=offering, token=token, day=ticket.day)


def _back(ticket: Ticket, refusal: DomainError) -> AnyResponse:
    flash(message_for(refusal), "important")
    return redirect(ticket_page(ticket), 303)
