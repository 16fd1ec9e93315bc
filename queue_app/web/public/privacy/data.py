""" "Data saya": everything that is kept about the holder of a ticket, once a one-time code has shown that it is theirs.

A ticket's address alone opens nothing here: it is shown around, on paper and on screens.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import unit_of_work
from queue_app.domain.attempts import DATA_CODE_BOOKING, DATA_CODE_NETWORK
from queue_app.domain.data_rights import RequestKind, RequestProof
from queue_app.domain.errors import NotFound, TooManyAttempts
from queue_app.domain.roles import CITIZEN
from queue_app.models import Booking, Ticket
from queue_app.services.access.attempts import attempt
from queue_app.services.privacy.proof import close_door, send_data_code, try_code
from queue_app.services.privacy.requests import done_at_once, receive
from queue_app.services.records import audit
from queue_app.web.access.attempts import count, from_network
from queue_app.web.access.rules import public
from queue_app.web.privacy import stored_words
from queue_app.web.privacy.copying import COPIES, copy_of
from queue_app.web.public.blueprint import bp
from queue_app.web.public.booking.forms import ConfirmForm
from queue_app.web.request import keyring, now, settings
from queue_app.web.site.language import gettext as _

from .door import holder, is_inside, open_door, shut_door, stored_about
from .forms import AskOfficeForm, DataCodeForm


@bp.get("/t/<token>/data")
@public
def data(token: str) -> str:
    ticket = holder(token)
    if not is_inside(ticket):
        return _door(token, ticket)
    stored = stored_about(ticket)
    return render_template("public/data/data.html", token=token, stored=stored, words=stored_words)


@bp.post("/t/<token>/data/kode")
@public
def ask_for_data_code(token: str) -> AnyResponse:
    """One answer whether or not the booking has a contact."""
    ticket = holder(token)
    if not ConfirmForm().validate():
        raise NotFound()  # nothing that our own page sends
    _count_attempt(ticket)
    with unit_of_work() as session:
        send_data_code(session, session.get_one(Booking, ticket.booking_id), now=now())
    flash(
        _(
            "Kalau pada pemesanan ini ditulis email atau nomor HP, kodenya kami kirim ke sana. Email datang dalam "
            "beberapa menit; lihat juga kotak spam. Ke nomor HP, petugas yang mengirimnya, pada jam kerja."
        ),
        "success",
    )
    return _back(token)


@bp.post("/t/<token>/data")
@public
def open_data(token: str) -> AnyResponse | tuple[str, int]:
    """The same words for a wrong code, an old one, and one that was never sent."""
    ticket = holder(token)
    form = DataCodeForm()
    if not form.validate():
        return _door(token, ticket, form), 422
    _count_attempt(ticket)
    with unit_of_work() as session:
        booking = session.get_one(Booking, ticket.booking_id)
        key = try_code(session, booking, form.data_code.data, keyring=keyring(), now=now())
        if key is not None:
            done_at_once(session, ticket, RequestKind.COPY, proof=RequestProof.CONTACT, actor=CITIZEN, now=now())
    if key is None:
        form.complain(_("Kode ini tidak cocok atau tidak berlaku lagi. Periksa, atau minta kode baru."), "data_code")
        return _door(token, ticket, form), 422
    response = _back(token)
    open_door(response, key)
    return response


@bp.post("/t/<token>/data/minta")
@public
def ask_office(token: str) -> AnyResponse | tuple[str, int]:
    """Written down with its clock; the office answers when whoever asks has come with a card."""
    ticket = holder(token)
    form = AskOfficeForm()
    if not form.validate():
        return _door(token, ticket, asking=form), 422
    _count_attempt(ticket)
    kind = RequestKind(form.kind.data)
    with unit_of_work() as session:
        receive(session, ticket, kind, proof=RequestProof.NONE, actor=CITIZEN, now=now())
    flash(
        _(
            "Permintaan Anda dicatat dan dijawab paling lambat 3 × 24 jam. Datanglah ke kantor dengan KTP-el atau "
            "Kartu Keluarga, supaya petugas tahu bahwa data itu memang milik Anda."
        ),
        "success",
    )
    return _back(token)


@bp.get("/t/<token>/data/salinan/<kind>")
@public
def copy_data(token: str, kind: str) -> AnyResponse:
    """For programs or for reading, written out piece by piece and kept by nobody on the way."""
    ticket = holder(token)
    if kind not in COPIES:
        raise NotFound()
    if not is_inside(ticket):
        return _back(token)
    with unit_of_work() as session:
        audit.record(session, "data.copied", "booking", ticket.booking_id, actor=CITIZEN, now=now())
    return copy_of(stored_about(ticket), kind, at=now())


@bp.post("/t/<token>/data/selesai")
@public
def leave_data(token: str) -> AnyResponse:
    ticket = holder(token)
    if ConfirmForm().validate() and is_inside(ticket):
        with unit_of_work() as session:
            close_door(session, ticket.booking_id, now=now())
    response = redirect(url_for(".ticket", token=token), 303)
    shut_door(response)
    return response


def _door(token: str, ticket: Ticket, form: DataCodeForm | None = None, asking: AskOfficeForm | None = None) -> str:
    return render_template(
        "public/data/door.html",
        token=token,
        ticket=ticket,
        form=form or asking or DataCodeForm(formdata=None),
        code_form=form or DataCodeForm(formdata=None),
        asking=asking or AskOfficeForm(formdata=None),
        retention_days=settings().retention.days,
    )


def _back(token: str) -> AnyResponse:
    return redirect(url_for(".data", token=token), 303)


def _count_attempt(ticket: Ticket) -> None:
    """To have a code sent, and to try one; each code has its own few tries besides (`domain/data_rights.py`)."""
    of_booking = attempt(DATA_CODE_BOOKING, str(ticket.booking_id), keyring=keyring())
    try:
        count([from_network(DATA_CODE_NETWORK), of_booking])
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.details["retry_after"]) from None
