"""Acts of whoever is inside on their own data: correct it, delete it, have its use suspended."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.file_sender import FileSender
from queue_app.db import unit_of_work
from queue_app.domain.data_rights import RequestKind, RequestProof, StillBeingServed
from queue_app.domain.errors import NotFound
from queue_app.domain.identity import has_digits
from queue_app.domain.roles import CITIZEN
from queue_app.models import Ticket
from queue_app.queries.booking.contacts import contact_of
from queue_app.queries.privacy.stored import Stored
from queue_app.services.booking.correct import correct
from queue_app.services.privacy.erasure import erase
from queue_app.services.privacy.proof import close_door
from queue_app.services.privacy.requests import done_at_once, receive
from queue_app.services.privacy.suspension import resume, suspend
from queue_app.web.access.rules import public
from queue_app.web.forms.correct_form import CorrectForm
from queue_app.web.public.blueprint import bp
from queue_app.web.public.booking.forms import ConfirmForm
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now, settings
from queue_app.web.site.language import gettext as _

from .door import holder, is_inside, shut_door, stored_about

Answer = str | Response | tuple[str, int]
done = partial(done_at_once, proof=RequestProof.CONTACT, actor=CITIZEN)


@bp.route("/t/<token>/data/perbaiki", methods=["GET", "POST"])
@public
def correct_data(token: str) -> Answer:
    stored = _inside(token)
    if isinstance(stored, Response):
        return stored
    if stored.ticket.nik is None:
        flash(_("Data pribadi pada tiket ini sudah dihapus, jadi tidak ada yang dapat diperbaiki."), "important")
        return _back(token)
    form = CorrectForm(name=stored.person.name, name_confirmed=has_digits(stored.person.name or ""))
    if not form.validate_on_submit():
        contact = contact_of(stored.booking, keyring())
        page = render_template("public/data/correct.html", token=token, stored=stored, form=form, contact=contact)
        return (page, 422) if form.errors else page
    ticket = stored.ticket
    by: dict[str, Any] = {"office_id": ticket.office_id, "actor": CITIZEN}
    with unit_of_work() as session:
        changed = correct(session, ticket.id, form.correction(), **by, keyring=keyring(), now=now())
        if changed:
            done(session, ticket, RequestKind.CORRECT, now=now())
    said = (_("Data Anda diperbaiki."), "success") if changed else (_("Tidak ada yang berubah."), "important")
    flash(*said)
    return _back(token)


@bp.route("/t/<token>/data/hapus", methods=["GET", "POST"])
@public
def delete_data(token: str) -> Answer:
    stored = _inside(token)
    if isinstance(stored, Response):
        return stored
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("public/data/delete.html", token=token, stored=stored, form=form)
    try:
        with unit_of_work() as session:
            erased = erase(session, stored.ticket, actor=CITIZEN, now=now())
            done(session, stored.ticket, RequestKind.DELETE, now=now())
            if erased.whole_booking:
                close_door(session, stored.booking.id, now=now())
    except StillBeingServed as refusal:
        _write_down(stored.ticket)
        form.complain(message_for(refusal))
        page = render_template("public/data/delete.html", token=token, stored=stored, form=form)
        return page, status_of(refusal)
    FileSender(settings().outbox_folder).remove(erased.messages)
    said = _("Data pribadi Anda sudah dihapus. Yang tinggal hanya nomor dan waktunya, tanpa nama, NIK, dan kontak.")
    flash(f"{_('Tiketnya dibatalkan.')} {said}" if erased.cancelled else said, "success")
    response = redirect(url_for(".ticket", token=token), 303)
    if erased.whole_booking:
        shut_door(response)
    return response


@bp.post("/t/<token>/data/tunda")
@public
def suspend_data(token: str) -> Answer:
    """Suspends, or takes that back: whichever the page that was seen has said."""
    return _switch(token, RequestKind.SUSPEND)


@bp.post("/t/<token>/data/lanjutkan")
@public
def resume_data(token: str) -> Answer:
    return _switch(token, RequestKind.RESUME)


def _switch(token: str, kind: RequestKind) -> Answer:
    stored = _inside(token)
    if isinstance(stored, Response):
        return stored
    if not ConfirmForm().validate():
        raise NotFound()  # nothing that our own page sends
    suspending = kind is RequestKind.SUSPEND
    with unit_of_work() as session:
        (suspend if suspending else resume)(session, stored.booking.id, actor=CITIZEN, now=now())
        done(session, stored.ticket, kind, now=now())
    if suspending:
        flash(_("Pemakaian data ditunda. Tiketnya tetap berlaku kalau Anda membawanya sendiri."), "success")
    else:
        flash(_("Data dipakai lagi seperti biasa; pesan dan pengingat dikirim."), "success")
    return _back(token)


def _inside(token: str) -> Stored | Response:
    """What is kept; or the way to the door, for whoever has not come through it or stayed too long."""
    ticket = holder(token)
    return stored_about(ticket) if is_inside(ticket) else _back(token)


def _write_down(ticket: Ticket) -> None:
    """It cannot be done now, so that the office has to: it stays open, with its clock."""
    with unit_of_work() as session:
        receive(session, ticket, RequestKind.DELETE, proof=RequestProof.CONTACT, actor=CITIZEN, now=now())


def _back(token: str) -> Response:
    return redirect(url_for(".data", token=token), 303)
