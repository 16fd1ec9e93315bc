"""The page that a kiosk shows while nobody stands there."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from queue_app.web.access.kiosks import device_token, give_token
from queue_app.web.access.rules import with_device
from queue_app.web.forms.once import new_nonce
from queue_app.web.kiosk.blueprint import bp

from . import between_pages
from .forms import TicketForm


@bp.get("/<office:office>")
@with_device
def start(office: str) -> Response:
    """Forgets the person before, and renews the cookie that makes the device a kiosk."""
    between_pages.forget()
    form = TicketForm(formdata=None, nonce=new_nonce())
    response = make_response(render_template("kiosk/start.html", form=form))
    give_token(response, device_token() or "")
    return response
