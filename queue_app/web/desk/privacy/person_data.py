"""Requests about data at the desk: whoever asks stands there with a card, and staff write down what was done."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from queue_app.adapters.file_sender import FileSender
from queue_app.db import db, unit_of_work
from queue_app.domain.data_rights import RequestKind, RequestProof, RequestState
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Ticket
from queue_app.queries.booking.person import holding_ticket
from queue_app.queries.privacy.stored import Stored, stored_of
from queue_app.services.privacy.erasure import Erased, erase
from queue_app.services.privacy.requests import answer, done_at_once, receive
from queue_app.services.privacy.suspension import resume, suspend
from queue_app.services.records import audit
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.typed_text import printable
from queue_app.web.privacy import stored_words
from queue_app.web.privacy.copying import copy_of
from queue_app.web.privacy.trace_words import PROOFS, REQUESTS, STATES
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now, settings
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

Answer = str | Response | tuple[str, int]
DO, REFUSE, LATER = "lakukan", "tolak", "catat"


class PersonDataForm(OfficeForm):
    """What is asked, whether a card was seen, and what is done about it."""

    kind = RadioField(
        _l("Apa yang diminta?"),
        choices=[SelectChoice(kind.value, REQUESTS[kind]) for kind in RequestKind],
        validators=[InputRequired(_l("Pilih apa yang diminta."))],
        widget=RadioInput(),
    )
    seen = BooleanField(_l("Saya sudah mencocokkan orangnya dengan KTP-el atau KK"), widget=GovCheckboxInput())
    decision = RadioField(
        _l("Apa yang dilakukan?"),
        choices=[
            SelectChoice(DO, _l("Lakukan sekarang")),
            SelectChoice(LATER, _l("Catat saja; dijawab kemudian, dalam 3 × 24 jam")),
            SelectChoice(REFUSE, _l("Tolak, dengan alasan")),
        ],
        validators=[InputRequired(_l("Pilih apa yang dilakukan."))],
        widget=RadioInput(),
    )
    reason = StringField(
        _l("Alasan (wajib kalau ditolak)"),
        description=_l("Dibaca oleh orangnya, dan tercatat dalam jejak audit. Jangan tulis nama, NIK, atau nomor HP."),
        filters=[printable],
        validators=[Optional(), Length(max=300)],
        widget=GovTextInput(),
    )

    def validate_seen(self, field: BooleanField) -> None:
        if self.decision.data == DO and not field.data:
            raise ValidationError(_("Cocokkan dulu orangnya dengan kartunya. Tanpa itu data tidak dibuka atau diubah."))

    @property
    def proof(self) -> RequestProof:
        return RequestProof.DOCUMENT if self.seen.data else RequestProof.NONE


@bp.route("/orang/<int:ticket_id>/data", methods=["GET", "POST"])
@requires(Permission.ANSWER_DATA_REQUESTS)
def person_data(ticket_id: int) -> Answer:
    ticket = holding_ticket(db.session(), ticket_id, g.staff.office_id)
    if ticket.id != ticket_id:
        return redirect(url_for(".person_data", ticket_id=ticket.id), 303)
    form = PersonDataForm()
    if not form.validate_on_submit():
        return _page(ticket, form, 422 if form.errors else 200)
    try:
        return _decide(ticket, RequestKind(form.kind.data), form)
    except DomainError as refusal:
        db.session.rollback()
        form.refuse(refusal, "reason" if refusal.code == "reason_required" else None)
        return _page(ticket, form, status_of(refusal))


def _decide(ticket: Ticket, kind: RequestKind, form: PersonDataForm) -> Answer:
    by: dict[str, Any] = {"proof": form.proof, "actor": actor()}
    if form.decision.data == DO:
        return _do(ticket, kind, by, form.reason.data)
    with unit_of_work() as session:
        request = receive(session, ticket, kind, **by, now=now())
        if form.decision.data == REFUSE:
            answer(session, request, RequestState.REFUSED, **by, now=now(), reason=form.reason.data)
    refused = form.decision.data == REFUSE
    flash(_("Penolakan dicatat dengan alasannya.") if refused else _("Permintaan dicatat."), "success")
    return _back(ticket)


def _do(ticket: Ticket, kind: RequestKind, by: dict[str, Any], reason: str | None) -> Answer:
    who, moment = by["actor"], now()
    if kind is RequestKind.CORRECT:
        with unit_of_work() as session:
            receive(session, ticket, kind, **by, now=moment)
        return redirect(url_for(".correct_person", ticket_id=ticket.id), 303)
    erased = None
    with unit_of_work() as session:
        if kind is RequestKind.COPY:
            place = {"office_id": ticket.office_id, "actor": who}
            audit.record(session, "data.shown", "booking", ticket.booking_id, now=moment, **place)
        elif kind is RequestKind.DELETE:
            erased = erase(session, ticket, actor=who, now=moment)
        else:
            (suspend if kind is RequestKind.SUSPEND else resume)(session, ticket.booking_id, actor=who, now=moment)
        done_at_once(session, ticket, kind, **by, now=moment, reason=reason)
    if kind is RequestKind.COPY:
        return copy_of(_stored(ticket), "html", at=moment)
    flash(_done(kind, erased), "success")
    return _back(ticket)


def _done(kind: RequestKind, erased: Erased | None) -> str:
    if erased is not None:
        FileSender(settings().outbox_folder).remove(erased.messages)
        said = _("Data pribadi orang ini dihapus.")
        return f"{said} {_('Tiketnya dibatalkan.')}" if erased.cancelled else said
    if kind is RequestKind.SUSPEND:
        return _("Pemakaian data ditunda.")
    return _("Pemakaian data dilanjutkan.")


def _page(ticket: Ticket, form: PersonDataForm, status: int) -> tuple[str, int]:
    stored = _stored(ticket)
    page = render_template(
        "desk/person_data.html",
        stored=stored,
        ticket=ticket,
        form=form,
        requests=REQUESTS,
        states=STATES,
        proofs=PROOFS,
        words=stored_words,
        now=now(),
    )
    return page, status


def _stored(ticket: Ticket) -> Stored:
    return stored_of(db.session(), ticket, keyring=keyring(), retention=settings().retention)


def _back(ticket: Ticket) -> Response:
    return redirect(url_for(".person_data", ticket_id=ticket.id), 303)
