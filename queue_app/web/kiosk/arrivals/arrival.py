"""Checking in oneself: the ticket is scanned, or its booking code typed."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.domain.errors import RequestChanged
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.web.access.rules import with_device
from queue_app.web.forms.once import new_nonce
from queue_app.web.kiosk.blueprint import bp
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.language import gettext as _

from . import between_pages
from .forms import TicketForm


@bp.get("/<office:office>/tiket")
@with_device
def ticket(office: str) -> str:
    return render_template("kiosk/ticket.html", form=TicketForm(formdata=None, nonce=new_nonce()))


@bp.post("/<office:office>/tiket")
@with_device
def arrive(office: str) -> Response:
    form = TicketForm()
    if not form.validate_on_submit():
        flash(_("Pindai kode QR tiket Anda, atau ketik kode pemesanannya."))
        return redirect(url_for(".ticket", office=office), 303)
    scan = Scan(
        typed=form.code.data,
        office_id=g.device.office_id,
        staff_id=None,
        nonce=form.nonce.data,
        device_id=g.device.device_id,
    )
    try:
        check_in_id = stored_once(lambda session: check_in(session, scan, keyring=keyring(), now=now())[0].id)
    except RequestChanged as refusal:
        between_pages.keep_result(between_pages.KioskResult(between_pages.REFUSED, code=refusal.code))
    else:
        between_pages.keep_result(between_pages.KioskResult(between_pages.ARRIVAL, check_in_id))
    return redirect(url_for(".outcome", office=office), 303)
