"""The door to what is kept: who has come through it with a one-time code stays inside for half an hour.

The cookie holds a random key; only its hash is stored (`models/privacy.py`), and it opens one booking.
"""

from __future__ import annotations

from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.data_rights import STAYS_OPEN
from queue_app.models import Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.queries.privacy.proofs import stands_open
from queue_app.queries.privacy.stored import Stored, stored_of
from queue_app.web.access.cookies import cookie, give_cookie, take_cookie
from queue_app.web.public.booking.ticket_facts import load_ticket
from queue_app.web.request import keyring, now, settings

COOKIE = "data_door"
PATH = "/t/"


def holder(token: str) -> Ticket:
    """The ticket that stands for the one in the address. Raises NotFound."""
    return latest_ticket(db.session(), load_ticket(token))


def is_inside(ticket: Ticket) -> bool:
    key = cookie(COOKIE, PATH)
    return key is not None and stands_open(db.session(), ticket.booking_id, key, now=now())


def open_door(response: Response, key: str) -> None:
    give_cookie(response, COOKIE, key, path=PATH, max_age=STAYS_OPEN, same_site="Strict")


def shut_door(response: Response) -> None:
    take_cookie(response, COOKIE, path=PATH, same_site="Strict")


def stored_about(ticket: Ticket) -> Stored:
    return stored_of(db.session(), ticket, keyring=keyring(), retention=settings().retention)
