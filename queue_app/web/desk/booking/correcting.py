"""Mending what was typed wrongly: the name of a person, or the contact of their booking."""

from __future__ import annotations

from flask import flash, g, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.data_rights import RequestKind, RequestProof
from queue_app.domain.identity import has_digits
from queue_app.domain.keyring import Unreadable
from queue_app.domain.roles import Permission
from queue_app.services.booking.correct import correct
from queue_app.services.privacy.requests import answered_by
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.correct_form import CorrectForm
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _

from .person import back_to, loaded


@bp.route("/orang/<int:ticket_id>/perbaiki", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def correct_person(ticket_id: int) -> str | Response | tuple[str, int]:
    view = loaded(ticket_id)
    if isinstance(view, Response):
        return view
    name = view.person.name
    known = None if isinstance(name, Unreadable) else name  # nothing stands there that could be saved by mistake
    form = CorrectForm(name=known, name_confirmed=has_digits(known or ""))
    if not form.validate_on_submit():
        page = render_template(
            "desk/person_correct.html",
            title=_("Perbaiki data"),
            view=view,
            form=form,
            back=url_for(".person", ticket_id=ticket_id),
        )
        return (page, 422) if form.errors else page
    office = {"office_id": g.staff.office_id, "actor": actor()}
    with unit_of_work() as session:
        changed = correct(session, ticket_id, form.correction(), **office, keyring=keyring(), now=now())
        if changed:
            seen = RequestProof.DOCUMENT
            answered_by(session, view.ticket, RequestKind.CORRECT, proof=seen, actor=actor(), now=now())
    if not changed:
        flash(_("Tidak ada yang berubah."), "important")
    elif any(ticket.state is TicketState.BOOKED for ticket in view.booking.tickets):
        flash(_("Data diperbaiki. Tiketnya dikirim lagi ke kontak yang benar, bila ada."), "success")
    else:
        flash(_("Data diperbaiki."), "success")
    return back_to(ticket_id)
