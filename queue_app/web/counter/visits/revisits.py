"""The guaranteed further visit of somebody who goes home, or went home, in vain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, url_for

from queue_app.db import db
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import MAY_COME_AGAIN
from queue_app.queries.access.office_rows import visit_at
from queue_app.queries.visits.counter_desk import failed_visit
from queue_app.services.assisted.revisits import book_revisit
from queue_app.web.access.rules import requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.language import gettext as _

from . import page
from .presses import Answer, back, refused


@bp.get("/<int:ticket_id>/datang-lagi")
@requires(Permission.SERVE)
def offer_again(ticket_id: int) -> str:
    """For somebody who went home in vain on another day, or at another counter."""
    visit = visit_at(db.session(), ticket_id, g.staff.office_id)
    if visit.outcome not in MAY_COME_AGAIN:
        raise NotFound()
    revisit = page.revisit_of(failed_visit(db.session(), visit))
    return render_template("counter/again.html", title=_("Datang lagi"), revisit=revisit)


@bp.post("/<int:ticket_id>/datang-lagi")
@requires(Permission.SERVE)
def come_again(ticket_id: int) -> Answer:
    """Book the guaranteed further visit, and go on to printing it: the browser sends the same form there."""
    form = page.revisit_form(visit_at(db.session(), ticket_id, g.staff.office_id))
    if not form.validate_on_submit():
        flash(_("Pilih dulu jam kedatangan berikutnya."), "important")
        return back()
    by: dict[str, Any] = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id, "request_key": form.nonce.data}
    at = datetime.fromisoformat(form.starts_at.data)
    try:
        booked = stored_once(lambda unit: book_revisit(unit, ticket_id, at, **by, keyring=keyring(), now=now()))
    except DomainError as refusal:
        return refused(refusal)
    number = show_number(booked.letter, booked.tickets[0].queue_number)
    flash(_("Datang lagi sudah dipesan: nomor %(number)s.") % {"number": number}, "success")
    return redirect(url_for("desk.print_booking", booking_id=booked.booking_id), 307)
