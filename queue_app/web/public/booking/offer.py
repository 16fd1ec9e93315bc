"""The other place that is offered for one that was closed: look at it, and accept it."""

from __future__ import annotations

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import UNANSWERED, OfferState
from queue_app.domain.errors import DomainError, NotFound
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.services.booking import answering
from queue_app.web.access.rules import public
from queue_app.web.booking.offer_facts import offer_facts
from queue_app.web.public.blueprint import bp
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _

from .forms import ConfirmForm
from .ticket import ticket_page
from .ticket_facts import gather, load_ticket


@bp.get("/t/<token>/terima")
@public
def offered(token: str) -> Response | str:
    """The place and the button; or why there is none any more, and what can be done instead."""
    return _page(token, ConfirmForm(formdata=None))


@bp.post("/t/<token>/terima")
@public
def accept_offer(token: str) -> Response | str | tuple[str, int]:
    form = ConfirmForm()
    if not form.validate():
        return _page(token, form)
    try:
        with unit_of_work() as session:
            booking = answering.accept(session, load_ticket(token).booking_id, now=now())
            moved = ticket_page(latest_ticket(session, load_ticket(token)))
            persons = len({ticket.position for ticket in booking.tickets})
    except NotFound:
        raise
    except DomainError as refusal:
        form.complain(message_for(refusal))
        page = _page(token, form)
        return page if isinstance(page, Response) else (page, status_of(refusal))
    said = _("Tempat itu sekarang milik Anda. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    everybody = _("Tempat itu sekarang milik Anda semua. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    flash(said if persons == 1 else everybody, "success")
    return redirect(moved, 303)


def _page(token: str, form: ConfirmForm) -> Response | str:
    asked = load_ticket(token)
    moment = now()
    latest = latest_ticket(db.session(), asked)
    offer = offer_facts(latest, now=moment)
    if offer is None or offer.state in (OfferState.ACCEPTED, OfferState.ELSEWHERE):
        return redirect(ticket_page(latest), 303)
    facts = gather(latest, now=moment)
    return render_template("public/offer.html", facts=facts, offer=offer, form=form, unanswered=UNANSWERED)
