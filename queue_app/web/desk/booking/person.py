"""The page of one person: who, when, where it stands, what happened, and the keys for what the office does."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.language import format_short_day, format_window
from queue_app.db import db, unit_of_work
from queue_app.domain.closures import UNANSWERED, OfferState
from queue_app.domain.office_acts import OfficeAct
from queue_app.domain.reasons import read_purpose
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.models import Ticket
from queue_app.queries.booking.contacts import Contact
from queue_app.queries.booking.history import actor_names
from queue_app.queries.booking.person import PersonView, holding_ticket, person_view
from queue_app.services.booking.contacts import reveal_contact
from queue_app.web.access.rules import requires
from queue_app.web.booking.booking_words import CHANNELS
from queue_app.web.booking.offer_facts import offer_facts
from queue_app.web.booking.stage_words import STAGES
from queue_app.web.desk.assisted.form import PRIORITIES
from queue_app.web.desk.blueprint import bp
from queue_app.web.hall.outcome_words import ANY_OUTCOME
from queue_app.web.request import actor, keyring, now, today
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .history_words import lines_said


@bp.get("/orang/<int:ticket_id>")
@requires(Permission.VIEW_ARRIVALS)
def person(ticket_id: int) -> str | Response:
    ticket = holding_ticket(db.session(), ticket_id, g.staff.office_id)
    if ticket.id != ticket_id:
        return redirect(url_for(".person", ticket_id=ticket.id), 303)
    return _page(seen(ticket))


@bp.post("/orang/<int:ticket_id>/kontak")
@requires(Permission.CHANGE_BOOKINGS)
def show_contact(ticket_id: int) -> str:
    """The page once more with the whole number, after that was written down with what it is for."""
    purpose = read_purpose(request.form.get("untuk", ""))
    ticket = holding_ticket(db.session(), ticket_id, g.staff.office_id)
    office = {"office_id": g.staff.office_id, "actor": actor()}
    with unit_of_work() as session:
        contact = reveal_contact(session, ticket.booking_id, purpose=purpose, **office, keyring=keyring(), now=now())
    return _page(seen(ticket), contact)


def seen(ticket: Ticket) -> PersonView:
    return person_view(db.session(), ticket, keyring=keyring(), now=now())


def loaded(ticket_id: int, act: OfficeAct | None = None) -> PersonView | Response:
    """The person on whom something is to be done; or the way to the page that says how things stand meanwhile."""
    ticket = holding_ticket(db.session(), ticket_id, g.staff.office_id)
    view = seen(ticket)
    if ticket.id != ticket_id:
        flash(_("Tiket ini sudah dipindah. Yang berlaku sekarang: %(which)s.") % {"which": said(ticket)}, "important")
    elif not view.kept:
        flash(_("Data orang ini sudah dihapus sesuai masa simpan."), "important")
    elif act and act not in view.acts:
        flash(_("Tidak dapat lagi: keadaan tiket ini sudah berubah."), "important")
    else:
        return view
    return back_to(ticket.id)


def back_to(ticket_id: int) -> Response:
    return redirect(url_for("desk.person", ticket_id=ticket_id), 303)


def said(ticket: Ticket) -> str:
    """``A-012, Kam 26 Nov, 09.00–10.00 WIB``."""
    language = current_language()
    hours = format_window(ticket.slot.starts_at, ticket.slot.ends_at, ticket.office.time_zone, language)
    return f"{show_number(ticket.letter, ticket.queue_number)}, {format_short_day(ticket.day, language)}, {hours}"


def _page(view: PersonView, contact: Contact | None = None) -> str:
    names = actor_names(db.session(), {event.by for event in view.history})
    offer = offer_facts(view.ticket, now=now())
    return render_template(
        "desk/person.html",
        view=view,
        ticket=view.ticket,
        contact=contact or view.contact,
        revealed=contact is not None,
        stages=STAGES,
        outcome=ANY_OUTCOME.get(view.life.outcome) if view.life.outcome else None,
        channel=CHANNELS[view.booking.channel],
        priorities=dict(PRIORITIES),
        history=lines_said(view.history, names),
        offer=offer if offer and offer.state in (*UNANSWERED, OfferState.OFFERED_BACK) else None,
        is_today=view.ticket.day == today(),
        may_change=g.staff.may(Permission.CHANGE_BOOKINGS) and view.kept,
        may_answer_requests=g.staff.may(Permission.ANSWER_DATA_REQUESTS) and view.kept and not view.elsewhere,
        may_print=g.staff.may(Permission.PRINT),
        which=said,
    )
