"""Going back after booking leads to the ticket, and never to an empty form.

What tells it is a cookie as short-lived as the draft that it follows. It holds the key of the request, encrypted, and
nothing about anybody.
"""

from __future__ import annotations

import base64
import json

from flask import render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.booking import ACTIVE_STATES
from queue_app.models import Booking, OfficeService
from queue_app.services.booking.book import find_request
from queue_app.web.access.cookies import cookie, give_cookie
from queue_app.web.request import keyring, now

from .draft import LIFETIME
from .ticket import ticket_page


def remember_booking(response: Response, offering: OfficeService, request_key: str) -> None:
    content = json.dumps({"key": request_key, "until": (now() + LIFETIME).timestamp()})
    value = base64.urlsafe_b64encode(keyring().seal(content, bound_to=_name(offering.id))).decode()
    give_cookie(response, _name(offering.id), value, path=_path(offering), max_age=LIFETIME)


def show_just_booked(offering: OfficeService) -> str | None:
    """The page that leads to the ticket; None when nothing was booked here a moment ago that still stands."""
    booking = _booking(offering)
    standing = [ticket for ticket in booking.tickets if ticket.state in ACTIVE_STATES] if booking else []
    if not standing:
        return None
    first = min(standing, key=lambda ticket: ticket.position)
    return render_template("public/just_booked.html", offering=offering, ticket=first, ticket_url=ticket_page(first))


def ticket_url_of(booking: Booking) -> str:
    """Of the newest ticket of its first person."""
    of_the_first = (ticket for ticket in booking.tickets if ticket.position == 0)
    return ticket_page(max(of_the_first, key=lambda ticket: ticket.id))


def _booking(offering: OfficeService) -> Booking | None:
    name = _name(offering.id)
    try:
        sealed = base64.urlsafe_b64decode((cookie(name, _path(offering)) or "").encode())
        content = json.loads(keyring().open(sealed, bound_to=name))
    except ValueError:
        return None
    return find_request(db.session(), content["key"]) if now().timestamp() < content["until"] else None


def _path(offering: OfficeService) -> str:
    return url_for("public.service", office=offering.office.slug, service=offering.service.slug)


def _name(offering_id: int) -> str:
    return f"booked-{offering_id}"
