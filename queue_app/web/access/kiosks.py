"""Lets kiosks in: by the token in the cookie that enrolling gave the device, at its own office."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import db, note
from queue_app.services.access import kiosks
from queue_app.services.access.kiosks import DeviceIdentity
from queue_app.web.request import now
from queue_app.web.site.moved import moved

from .cookies import cookie, give_cookie

DEVICE_COOKIE = "kiosk_device"
COOKIE_AGE = 365 * 24 * 3600  # seconds; given anew at each visit of the start page, so a kiosk in use never loses it
COOKIE_PATH = "/kiosk"


class DeviceRule:
    """The access rule of what only an enrolled kiosk opens."""


DEVICE = DeviceRule()


def admit_device() -> AnyResponse | None:
    """None to go on, with the kiosk in `g.device`; or to where a device becomes a kiosk of that office.

    Asked of the database at each request: who locks a kiosk out wants it locked now.
    """
    office = (request.view_args or {})["office"]
    device = _recognise()
    if device is None or device.office_slug != office:
        return moved() or redirect(url_for("kiosk.enrol", office=office), 303)
    g.device = device
    return None


def give_token(response: AnyResponse, token: str) -> None:
    give_cookie(response, DEVICE_COOKIE, token, path=COOKIE_PATH, max_age=COOKIE_AGE, same_site="Strict")


def device_token() -> str | None:
    # By its bare name too: a kiosk that was enrolled before the name had a prefix gets the new one at its start page.
    return cookie(DEVICE_COOKIE, COOKIE_PATH) or request.cookies.get(DEVICE_COOKIE)


def _recognise() -> DeviceIdentity | None:
    token = device_token()
    device = kiosks.identify(db.session(), token) if token else None
    moment = now()
    if device is not None and device.is_stale(moment):
        seen = device.device_id
        note(lambda session: kiosks.touch(session, seen, now=moment))
    return device
