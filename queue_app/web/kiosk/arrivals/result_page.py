"""The page after everything that a kiosk does: a number, the answer to a scan, or a refusal. Gone in a moment."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from queue_app.adapters.qr import qr_svg
from queue_app.db import db
from queue_app.models import CheckIn
from queue_app.queries.arrivals.kiosk import arrived, walk_in_ticket
from queue_app.services.arrivals.check_in import rows_of_scan
from queue_app.web.access.rules import with_device
from queue_app.web.forms.once import new_nonce
from queue_app.web.kiosk.blueprint import bp
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _

from . import between_pages, kiosk_answer
from .forms import TicketForm

SECONDS, SECONDS_TO_WRITE = 12, 30  # until the start page comes by itself; longer where no paper holds the number


@bp.get("/<office:office>/hasil")
@with_device
def outcome(office: str) -> str | Response:
    kept_result = between_pages.kept_result()
    page = _page_of(kept_result) if kept_result else None
    return page or redirect(url_for(".start", office=office), 303)


def _page_of(found: between_pages.KioskResult) -> str | None:
    if found.kind == between_pages.NUMBER:
        return _number(found)
    if found.code == between_pages.THANKS:
        return _answer(kiosk_answer.thanks())
    if found.kind == between_pages.REFUSED:
        return _answer(kiosk_answer.refusal(found.code))
    row = db.session().get(CheckIn, found.row_id)
    if row is None or row.device_id != g.device.device_id:
        return None
    persons = arrived(db.session(), rows_of_scan(db.session(), row))
    return _answer(kiosk_answer.arrival(persons, zone=g.device.time_zone, now=now()))


def _number(found: between_pages.KioskResult) -> str | None:
    ticket = walk_in_ticket(db.session(), found.row_id, g.device.office_id)
    if ticket is None:
        return None
    token = keyring().ticket_token(ticket.id)
    return render_template(
        "kiosk/number.html",
        form=_next_scan(),
        ticket=ticket,
        printed=found.printed,
        qr=Markup(qr_svg(token, title=_("Kode QR tiket"))),
        seconds=SECONDS if found.printed else SECONDS_TO_WRITE,
    )


def _answer(answer: kiosk_answer.Answer) -> str:
    return render_template("kiosk/answer.html", form=_next_scan(), answer=answer, seconds=SECONDS)


def _next_scan() -> TicketForm:
    """For the person behind, who holds a ticket under the scanner already."""
    return TicketForm(formdata=None, nonce=new_nonce())
