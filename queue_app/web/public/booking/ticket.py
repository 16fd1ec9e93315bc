"""The ticket: its page, and the page for printing it."""

from __future__ import annotations

from flask import (
    Response,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from queue_app.adapters.pdf import Paper
from queue_app.adapters.qr import qr_svg
from queue_app.db import db
from queue_app.domain.clock import office_date
from queue_app.domain.stages import Stage
from queue_app.models import Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.queries.surveys.marks import is_wanted
from queue_app.web.access.rules import public
from queue_app.web.booking import stage_words
from queue_app.web.booking.offer_facts import offer_facts
from queue_app.web.public.blueprint import bp
from queue_app.web.public.visits.place import place_of
from queue_app.web.request import keyring, now

from . import ticket_words
from .ticket_facts import gather, load_ticket

# Tells the service worker whether a copy may stay on the telephone. "later": the page is asked for again to be kept,
# because this answer says something that is true once only.
OFFLINE = "Offline-Copy"


@bp.get("/t/")
@public
def tickets() -> Response:
    """A page without a ticket: the device fills it with those that were put on it."""
    response = make_response(render_template("public/tickets.html"))
    response.headers[OFFLINE] = "keep"
    return response


@bp.get("/t/<token>")
@public
def ticket(token: str) -> Response:
    moment = now()
    facts = gather(load_ticket(token), now=moment)
    said_once = bool(get_flashed_messages())  # the template gets them as well
    response = make_response(
        render_template(
            "public/ticket.html",
            facts=facts,
            words=ticket_words,
            stages=stage_words,
            qr=qr_picture,
            current_url=ticket_page(latest_ticket(db.session(), facts.ticket)),
            said_once=said_once,
            offer=offer_facts(facts.ticket, now=moment) if facts.stage is Stage.WITHDRAWN else None,
            queue=place_of(facts, now=moment),
            may_judge=is_wanted(db.session(), facts.ticket, facts.stage, office_date(moment, facts.zone)),
        )
    )
    response.headers[OFFLINE] = "drop" if facts.is_void else "later" if said_once else "keep"
    return response


@bp.get("/t/<token>/cetak")
@public
def print_ticket(token: str) -> AnyResponse | str:
    facts = gather(load_ticket(token), now=now())
    if facts.is_void:
        return redirect(ticket_page(facts.ticket), 303)
    return render_template(
        "public/print.html", facts=facts, words=ticket_words, qr=qr_picture, paper=paper_asked(), papers=tuple(Paper)
    )


def qr_picture(payload: str, title: str) -> str:
    return qr_svg(payload, title=title)


def ticket_page(ticket: Ticket) -> str:
    """The address of a ticket's page; takes no look at the ticket's state."""
    return url_for("public.ticket", token=keyring().ticket_token(ticket.id))


def paper_asked() -> Paper:
    try:
        return Paper(request.args.get("kertas", Paper.A4.value))
    except ValueError:
        return Paper.A4
