"""The cookie by which a browser of the staff is known again, whoever is logged in, and when it was heard of."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g
from werkzeug.wrappers import Response

from queue_app.db import unit_of_work
from queue_app.services.offline.devices import HEARD_EVERY, hear
from queue_app.web.request import now
from queue_app.web.site.short_cache import ShortCache

from .cookies import cookie, give_cookie

COOKIE = "hall_device"
COOKIE_AGE = 365 * 24 * 3600  # seconds
MOST = 1000
LONGEST = 100  # characters of a token
_HEARD = "heard_devices"


def know_devices(app: Flask) -> None:
    app.extensions[_HEARD] = ShortCache[str, bool](HEARD_EVERY.total_seconds(), MOST)
    app.after_request(_hand_out)


def hear_device() -> None:
    """Whatever staff ask for shows that their device has a connection; written down three times a minute."""
    token, moment = device_token(), now()
    heard: ShortCache[str, bool] = current_app.extensions[_HEARD]
    if token is None or heard.get(token, moment.timestamp()):
        return
    with unit_of_work() as session:
        hear(session, token, now=moment)
    heard.put(token, True, moment.timestamp())


def make_known() -> None:
    """A device that begins to keep lists gets its cookie, and is heard of."""
    if device_token() is None:
        g.new_hall_device = secrets.token_urlsafe(24)
        hear_device()


def device_token() -> str | None:
    token: str | None = g.get("new_hall_device") or cookie(COOKIE)
    return token if token and len(token) <= LONGEST else None


def _hand_out(response: Response) -> Response:
    if token := g.get("new_hall_device"):
        give_cookie(response, COOKIE, token, max_age=COOKIE_AGE, same_site="Strict")
    return response
