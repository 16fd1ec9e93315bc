"""A ticket that was scanned on a page of staff that does not check in: it is looked up, and nothing is recorded."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Permission
from queue_app.domain.scanners import LONGEST
from queue_app.domain.tickets import show_code
from queue_app.models import Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.services.arrivals.check_in import find_tickets
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import printable
from queue_app.web.request import keyring
from queue_app.web.site.language import gettext as _

from .arrival_filter import ArrivalFilter
from .explanations import unknown_ticket


class LookUpForm(OfficeForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=LONGEST)])


@bp.post("/cari-tiket")
@requires(Permission.VIEW_ARRIVALS)
def look_up() -> Response:
    """Posted, and answered by an address with a row's number: what was scanned opens the ticket, and stays secret."""
    form = LookUpForm()
    tickets: list[Ticket] = []
    if form.validate_on_submit():
        found = find_tickets(db.session(), form.code.data, keyring=keyring())
        tickets = [latest_ticket(db.session(), ticket) for ticket in found]
    if refusal := _refusal(tickets):
        flash(refusal, "important")
        return redirect(url_for("desk.arrivals"), 303)
    ticket, *others = tickets
    if others:
        address = ArrivalFilter(ticket.day, search=show_code(ticket.booking.code)).address()
    else:
        address = ArrivalFilter(ticket.day, person=ticket.id).address()
    return redirect(url_for("desk.arrivals", **address, _anchor=f"baris-{ticket.id}"), 303)


def _refusal(tickets: list[Ticket]) -> str:
    if not tickets:
        return unknown_ticket()
    if tickets[0].office_id != g.staff.office_id:
        return _("Tiket ini untuk kantor lain: %(office)s.") % {"office": tickets[0].office.name}
    if tickets[0].state is TicketState.CANCELLED:
        return _("Tiket ini sudah dibatalkan.")
    return ""
