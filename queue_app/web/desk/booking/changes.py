"""Moving a booking, booking again after it went wrong, cancelling: what the office does for somebody."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import DomainError, IllegalTransition, NotFound
from queue_app.domain.keyring import Unreadable
from queue_app.domain.office_acts import OfficeAct
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import FAILED
from queue_app.models import Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.queries.booking.person import PersonView
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.assisted.move_for_others import move_assisted
from queue_app.services.assisted.revisits import book_again
from queue_app.services.booking.change import cancel
from queue_app.web.access.rules import requires
from queue_app.web.booking.claims_counted import claim_counted
from queue_app.web.desk.assisted.hours import hours_ahead
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import new_nonce
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now, stored_once
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import legible

from .forms import EVERYBODY, CancelForm, HourForm
from .person import back_to, loaded, said

Answer = str | Response | tuple[str, int]


@bp.route("/orang/<int:ticket_id>/pindah", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def move_person(ticket_id: int) -> Answer:
    view = loaded(ticket_id, OfficeAct.MOVE)
    if isinstance(view, Response):
        return view
    form = HourForm()
    if not form.validate_on_submit() or form.starts_at is None:
        return _hours_page(view, form, OfficeAct.MOVE)
    starts_at = form.starts_at
    try:
        with unit_of_work() as session:
            office = {"office_id": g.staff.office_id, "actor": actor()}
            move_assisted(session, view.booking.id, starts_at, **office, now=now())
            moved = latest_ticket(session, session.get_one(Ticket, ticket_id))
            flash(_told(view, _("Jadwal dipindah ke %(which)s.") % {"which": said(moved)}), "success")
            return back_to(moved.id)
    except IllegalTransition:
        raise
    except DomainError as refusal:
        return _refuse(view, form, refusal, OfficeAct.MOVE)


@bp.route("/orang/<int:ticket_id>/pesan-ulang", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def book_person_again(ticket_id: int) -> Answer:
    view = loaded(ticket_id, OfficeAct.BOOK_AGAIN)
    if isinstance(view, Response):
        return view
    form = HourForm()
    if not form.validate_on_submit() or form.starts_at is None:
        return _hours_page(view, form, OfficeAct.BOOK_AGAIN)
    starts_at = form.starts_at
    who: dict[str, Any] = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    who["request_key"] = form.nonce.data
    try:
        with claim_counted():
            booked = stored_once(
                lambda unit: book_again(unit, ticket_id, starts_at, **who, keyring=keyring(), now=now())
            )
    except DomainError as refusal:
        return _refuse(view, form, refusal, OfficeAct.BOOK_AGAIN)
    ticket = db.session.get_one(Ticket, booked.tickets[0].id)
    flash(_told(view, _("Dipesan lagi: %(which)s.") % {"which": said(ticket)}), "success")
    return back_to(ticket.id)


@bp.route("/orang/<int:ticket_id>/batal", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def cancel_person(ticket_id: int) -> Answer:
    view = loaded(ticket_id, OfficeAct.CANCEL)
    if isinstance(view, Response):
        return view
    people = _still_booked(view)
    form = CancelForm(people)
    if len(people) == 1:
        form.who.data = people[0][0]
        form.who.validators = ()
    if not form.validate_on_submit():
        return _cancel_page(view, form)
    try:
        with unit_of_work() as session:
            by: dict[str, Any] = {"actor": actor(), "reason": form.reason.data, "by_office": True}
            cancel(session, view.booking.id, position=form.position, **by, now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _cancel_page(view, form)
    flash(_told(view, _("Dibatalkan. Tempatnya kembali untuk orang lain.")), "success")
    return back_to(ticket_id)


def _still_booked(view: PersonView) -> list[tuple[str, str]]:
    """(position, text) of everybody who can be cancelled, this person first; with all together where there are more."""
    party = {one.position: one for one in view.booking.tickets if one.state is TicketState.BOOKED}
    own = view.ticket.position
    order = sorted(party, key=lambda position: (position != own, position))
    names = {view.ticket.id: view.person.name, **{line.ticket_id: line.name for line in view.family}}
    people = [(str(one), f"{_number(party[one])} · {legible(names.get(party[one].id)) or '–'}") for one in order]
    if len(people) > 1:
        people.append((EVERYBODY, _("Semua, %(persons)s orang") % {"persons": len(people)}))
    return people


def _number(ticket: Ticket) -> str:
    return show_number(ticket.letter, ticket.queue_number)


def _told(view: PersonView, done: str) -> str:
    """What was done, and whether the person hears of it: only e-mail is sent by itself, as with a closure."""
    contacts = (view.contact.email, view.contact.phone)
    if any(isinstance(contact, Unreadable) for contact in contacts):
        told = _("Kontaknya tidak terbaca: beri tahu orangnya sendiri.")
    elif view.contact.email:
        told = _("Pesannya dikirim kepada orangnya.")
    elif view.contact.phone:
        told = _("Tidak ada email: telepon orangnya.")
    else:
        told = _("Tidak ada kontak: beri tahu orangnya sendiri.")
    return f"{done} {told}"


def _refuse(view: PersonView, form: HourForm, refusal: DomainError, act: OfficeAct) -> Answer:
    if isinstance(refusal, NotFound):
        form.complain(_("Jam itu tidak ada lagi. Pilih jam lain."), "when")
    else:
        form.refuse(refusal, zone=g.staff.time_zone)
    form.nonce.data = new_nonce()
    return _hours_page(view, form, act, status_of(refusal))


def _hours_page(view: PersonView, form: HourForm, act: OfficeAct, status: int = 422) -> Answer:
    ticket = view.ticket
    offering = offering_at(db.session(), ticket.office_id, ticket.service_id)
    moving = act is OfficeAct.MOVE
    persons = sum(one.state is TicketState.BOOKED for one in view.booking.tickets) if moving else 1
    guaranteed = not moving and view.life.outcome in FAILED
    which: dict[str, Any] = {"days": offering.opens_days_before, "but": ticket.slot.starts_at if moving else None}
    hours = hours_ahead(offering, ticket.priority, 0 if guaranteed else persons, **which)
    if not form.nonce.data:
        form.nonce.data = new_nonce()
    page = render_template(
        "desk/hour_choice.html",
        title=_("Pindah jadwal") if moving else _("Pesan ulang"),
        view=view,
        form=form,
        hours=hours,
        persons=persons,
        moving=moving,
        guaranteed=guaranteed,
        present=said(ticket),
        back=url_for(".person", ticket_id=ticket.id),
    )
    return (page, status) if form.errors or form.form_errors else page


def _cancel_page(view: PersonView, form: CancelForm) -> Answer:
    page = render_template(
        "desk/person_cancel.html",
        title=_("Batalkan tiket"),
        view=view,
        form=form,
        present=said(view.ticket),
        back=url_for(".person", ticket_id=view.ticket.id),
    )
    return (page, 422) if form.errors or form.form_errors else page
